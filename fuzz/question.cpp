// Any words as a question of `igrot search`, a word a line.
#include "question.h"

#include <cmath>
#include <sstream>

#include "fuzz/scratch.h"
#include "igrot/error.h"

namespace {

using namespace igrot;

bool is_weight(float weight) {
  return std::isfinite(weight) && weight > 0;
}

void check(const app::Question& question) {
  bool sound = is_weight(question.text_weight);
  for (const auto& picture : question.pictures)
    sound = sound && is_weight(picture.weight);
  if (question.negative_weight)
    sound = sound && is_weight(*question.negative_weight);
  if (!sound) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::istringstream lines(text);
  std::vector<std::string> words;
  for (std::string line; std::getline(lines, line);) words.push_back(line);
  const auto is_picture = [](std::string_view word) {
    return word.ends_with(".jpg");
  };
  fuzz::expect_value_or_error([&] {
    app::Question question;
    app::read_terms(words, is_picture, question);
    app::read_negative(text, is_picture, question);
    check(question);
  });
  fuzz::expect_value_or_error([&] {
    if (!is_weight(app::read_weighted_picture(text).weight)) std::abort();
  });
  fuzz::expect_value_or_error([&] { app::names_picture(text); });
  return 0;
}

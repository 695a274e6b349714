#include "question.h"

#include <charconv>
#include <cmath>

#include "base/fail.h"
#include "picture_signature.h"

namespace igrot::app {
namespace {

std::optional<float> parse_weight(std::string_view text) {
  float weight = 0;
  const auto end = text.data() + text.size();
  const auto result =
      std::from_chars(text.data(), end, weight, std::chars_format::fixed);
  if (text.empty() || result.ec != std::errc() || result.ptr != end ||
      !std::isfinite(weight))
    return std::nullopt;
  return weight;
}

void expect_weight(float weight, std::string_view of) {
  if (!(weight > 0))
    fail(ErrorKind::usage, "the weight of '{}' has to be above 0", of);
}

struct Term {
  bool negative = false;
  std::vector<std::string> words;
  std::optional<float> weight;

  std::string text() const {
    std::string joined;
    for (const auto& word : words) joined += (joined.empty() ? "" : " ") + word;
    return joined;
  }
};

bool is_sign(const std::string& word) {
  return word == "+" || word == "-";
}

std::vector<Term> split_terms(const std::vector<std::string>& words) {
  std::vector<Term> terms;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool sign = is_sign(words[i]);
    if (sign && (i + 1 == words.size() || is_sign(words[i + 1])))
      fail(ErrorKind::usage, "nothing follows the {}", words[i]);
    if (sign || i == 0) terms.emplace_back().negative = words[i] == "-";
    if (!sign) terms.back().words.push_back(words[i]);
  }
  return terms;
}

// "2:night": the number before the first colon, where there is one.
void split_weight(Term& term) {
  auto& first = term.words.front();
  const auto colon = first.find(':');
  if (colon == std::string::npos || colon + 1 == first.size()) return;
  const auto weight = parse_weight(std::string_view(first).substr(0, colon));
  if (!weight) return;
  term.weight = weight;
  first.erase(0, colon + 1);
  expect_weight(*weight, first);
}

void add_negative(const Term& term, bool picture, Question& question) {
  const bool first =
      question.negative_pictures.empty() && question.negative_texts.empty();
  if (!first && question.negative_weight != term.weight)
    fail(ErrorKind::usage, "all that is taken away shares one weight");
  question.negative_weight = term.weight;
  if (picture)
    question.negative_pictures.emplace_back(term.text());
  else
    question.negative_texts.push_back(term.text());
}

void add_words(const Term& term, Question& question) {
  const auto weight = term.weight.value_or(1.0F);
  if (!question.text.empty() && weight != question.text_weight)
    fail(ErrorKind::usage, "all words share one weight");
  question.text_weight = weight;
  question.text += (question.text.empty() ? "" : ", ") + term.text();
}

}  // namespace

void read_terms(const std::vector<std::string>& words,
                const IsPicture& is_picture, Question& question) {
  for (auto& term : split_terms(words)) {
    split_weight(term);
    const bool picture =
        term.words.size() == 1 && is_picture(term.words.front());
    if (term.negative)
      add_negative(term, picture, question);
    else if (picture)
      question.pictures.push_back({term.text(), term.weight.value_or(1.0F)});
    else
      add_words(term, question);
  }
}

AskedPicture read_weighted_picture(const std::string& text) {
  const auto equals = text.rfind('=');
  std::error_code error;
  if (equals == std::string::npos || std::filesystem::exists(text, error))
    return {text, 1};
  const auto weight = parse_weight(std::string_view(text).substr(equals + 1));
  if (!weight) return {text, 1};
  expect_weight(*weight, text.substr(0, equals));
  return {text.substr(0, equals), *weight};
}

void read_negative(const std::string& text, const IsPicture& is_picture,
                   Question& question) {
  const Term term{
      .negative = true, .words = {text}, .weight = question.negative_weight};
  add_negative(term, is_picture(text), question);
}

bool names_picture(std::string_view word) {
  std::error_code error;
  const std::filesystem::path path(word);
  const bool there = std::filesystem::is_regular_file(path, error);
  const bool path_like = word.starts_with("./") || word.starts_with("../") ||
                         word.starts_with('/');
  if (path_like && !there) fail(ErrorKind::not_found, "{}: no such file", word);
  return there && (path_like || is_meant_as_picture(path));
}

}  // namespace igrot::app

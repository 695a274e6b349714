// Any file as JSONL of the emoji benchmark or of one's own samples.
#include "data/emoji.h"
#include "data/training_set.h"
#include "fuzz/scratch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace igrot;
  const auto& folder = fuzz::scratch().folder();
  const auto emoji = fuzz::scratch().write("emoji.jsonl", data, size);
  const auto questions = fuzz::scratch().write("cir-test.jsonl", data, size);
  fuzz::expect_value_or_error(
      [&] { read_emoji_questions(folder, read_emoji(folder)); });
  fuzz::expect_value_or_error([&] { read_emoji_questions(folder, {}); });
  fuzz::expect_value_or_error([&] { read_triplets(emoji); });
  fuzz::expect_value_or_error([&] { read_captions(questions); });
  return 0;
}

// Any bytes as a line of questions.jsonl.
#include "eval/question_log.h"

#include "fuzz/scratch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  igrot::fuzz::expect_value_or_error([&] {
    const auto question = igrot::logged_question(line);
    if (question.first && *question.first == 0) std::abort();
  });
  return 0;
}

#include "eval/field_tasks.h"

#include <fmt/ranges.h>

#include "eval/benchmarks.h"
#include "text/unicode.h"

namespace igrot {
namespace {

constexpr std::string_view own_words = "{}";

std::string lowered(const std::string& words) {
  return text::encode_utf8(text::lower(text::decode_utf8(words)));
}

EvalQuestion question_of(const Benchmark& benchmark, const RetrievalSet& set,
                         RetrievalQuery& query) {
  EvalQuestion question{.picture = std::move(query.picture),
                        .text = question_text(benchmark, query.words),
                        .relevant = std::move(query.relevant),
                        .removed = {},
                        .split = set.split,
                        .kinds = std::move(query.kinds),
                        .id = std::move(query.id),
                        .target = query.target,
                        .subset = std::move(query.subset)};
  if (benchmark.removes_own && query.own) question.removed = {*query.own};
  return question;
}

}  // namespace

std::string question_text(const Benchmark& benchmark,
                          std::span<const std::string> words) {
  std::string text(benchmark.prompt);
  const auto place = text.find(own_words);
  if (place == std::string::npos) return text;
  const auto own = fmt::format("{}", fmt::join(words, benchmark.joint));
  return text.replace(place, own_words.size(),
                      benchmark.lower_case ? lowered(own) : own);
}

EvalTask field_task(const Benchmark& benchmark, RetrievalSet set) {
  EvalTask task{.name = set.part.empty() ? set.split : set.part,
                .gallery = std::move(set.gallery),
                .questions = {},
                .names = std::move(set.names),
                .judged = set.judged,
                .recipe = set.recipe,
                .lists = std::move(set.lists)};
  for (auto& query : set.queries)
    task.questions.push_back(question_of(benchmark, set, query));
  return task;
}

}  // namespace igrot

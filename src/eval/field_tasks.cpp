#include "eval/field_tasks.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "eval/benchmarks.h"
#include "text/unicode.h"

namespace igrot {
namespace {

constexpr std::string_view own_words = "{}";

std::string lowered(const std::string& words) {
  return text::encode_utf8(text::lower(text::decode_utf8(words)));
}

std::string stripped(const std::string& words) {
  constexpr std::string_view ends = ".?, ";
  const auto begin = words.find_first_not_of(ends);
  if (begin == std::string::npos) return {};
  return words.substr(begin, words.find_last_not_of(ends) + 1 - begin);
}

std::vector<std::string> said_words(Words how,
                                    std::span<const std::string> words) {
  std::vector<std::string> said(words.begin(), words.end());
  if (how == Words::stripped || how == Words::both)
    std::ranges::transform(said, said.begin(), stripped);
  if (how == Words::reversed) std::ranges::reverse(said);
  if (how == Words::last && !said.empty()) said = {said.back()};
  return said;
}

/// The words in the prompt.
std::string prompted(const Benchmark& benchmark,
                     std::span<const std::string> words) {
  std::string text(benchmark.prompt);
  const auto place = text.find(own_words);
  if (place == std::string::npos) return text;
  const auto own = fmt::format("{}", fmt::join(words, benchmark.joint));
  return text.replace(place, own_words.size(),
                      benchmark.lower_case ? lowered(own) : own);
}

std::optional<std::string> other_text(const Benchmark& benchmark,
                                      std::span<const std::string> words) {
  if (benchmark.words != Words::both) return std::nullopt;
  auto said = said_words(benchmark.words, words);
  std::ranges::reverse(said);
  return prompted(benchmark, said);
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
                        .subset = std::move(query.subset),
                        .other_text = other_text(benchmark, query.words)};
  if (benchmark.removes_own && query.own) question.removed = {*query.own};
  return question;
}

}  // namespace

std::string question_text(const Benchmark& benchmark,
                          std::span<const std::string> words) {
  return prompted(benchmark, said_words(benchmark.words, words));
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

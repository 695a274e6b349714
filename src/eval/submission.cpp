#include "eval/submission.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "metrics/first_rows.h"

namespace igrot {
namespace {

using Json = nlohmann::json;
using Rows = std::vector<std::size_t>;

Rows first_of(const std::vector<ScoredRow>& head, std::size_t count) {
  Rows rows;
  for (const auto& found : std::span(head).first(std::min(count, head.size())))
    rows.push_back(found.row);
  return rows;
}

/// The first rows of a subset, which becomes a gallery of its own.
Rows first_of_subset(const EvalQuestion& question, MatrixView query,
                     MatrixView gallery, std::size_t count) {
  auto subset = question.subset;
  std::ranges::sort(subset);
  std::erase_if(subset, [&](std::size_t row) {
    return std::ranges::find(question.removed, row) != question.removed.end();
  });
  Tensor candidates({subset.size(), gallery.columns});
  for (std::size_t i = 0; i < subset.size(); ++i)
    std::ranges::copy(gallery.row(subset[i]),
                      candidates.data() + i * gallery.columns);
  const auto first = first_rows(query, candidates.matrix(), {}, count, 1);
  auto rows = first_of(first.front(), count);
  for (auto& row : rows) row = subset[row];
  return rows;
}

/// Names that are no number of 64 bits stay texts.
Json name_json(const SubmissionForm& form, const std::string& name) {
  std::uint64_t number = 0;
  const auto* end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data(), end, number);
  if (form.numbers && error == std::errc() && rest == end) return number;
  return name;
}

}  // namespace

std::optional<std::string> submission_text(const SubmissionForm& form,
                                           const EvalTask& task,
                                           const EvalRanking& ranking,
                                           const EvalHooks& hooks) {
  const auto queries = ranking.queries.matrix();
  const auto gallery = ranking.gallery->matrix();
  auto document = Json::object();
  if (!form.version.empty()) document["version"] = form.version;
  if (!form.metric.empty()) document["metric"] = form.metric;
  for (std::size_t q = 0; q < task.questions.size(); ++q) {
    auto names = Json::array();
    const MatrixView query{queries.row(q).data(), 1, queries.columns};
    const auto rows = form.of_subset ? first_of_subset(task.questions[q], query,
                                                       gallery, form.count)
                                     : first_of(ranking.head[q], form.count);
    for (const auto row : rows)
      names.push_back(name_json(form, task.names[row]));
    document[task.questions[q].id] = std::move(names);
    if (hooks.stage &&
        !hooks.stage("writing submissions", q + 1, task.questions.size()))
      return std::nullopt;
  }
  return document.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace igrot

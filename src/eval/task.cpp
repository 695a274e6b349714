#include "eval/task.h"

#include <algorithm>
#include <map>

namespace igrot {
namespace {

/// What rows are called once some are gone. A list that questions share is
/// renumbered once.
class Renumbering {
 public:
  void keep(std::size_t row) { new_row_.emplace(row, new_row_.size()); }

  std::optional<std::size_t> of(std::size_t row) const {
    const auto found = new_row_.find(row);
    if (found == new_row_.end()) return std::nullopt;
    return found->second;
  }

  std::vector<std::size_t> of(const std::vector<std::size_t>& rows) const {
    std::vector<std::size_t> left;
    for (const auto row : rows)
      if (const auto renamed = of(row)) left.push_back(*renamed);
    return left;
  }

  SharedRows of_shared(const SharedRows& rows) {
    const auto [known, is_new] = shared_.try_emplace(&rows.list());
    if (is_new) known->second = of(rows.list());
    return known->second;
  }

 private:
  std::map<std::size_t, std::size_t> new_row_;
  std::map<const std::vector<std::size_t>*, SharedRows> shared_;
};

}  // namespace

std::vector<std::size_t> spread_indices(std::size_t all, std::size_t count) {
  count = std::min(all, count);
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < count; ++i) indices.push_back(i * all / count);
  return indices;
}

void keep_split(EvalTask& task, std::string_view split) {
  std::erase_if(task.questions, [&](const EvalQuestion& question) {
    return question.split != split;
  });
}

void keep_spread(EvalTask& task, std::size_t limit) {
  std::vector<EvalQuestion> kept;
  for (const auto i : spread_indices(task.questions.size(), limit))
    kept.push_back(std::move(task.questions[i]));
  task.questions = std::move(kept);
}

void keep_asked(EvalTask& task) {
  std::set<std::filesystem::path> rest(task.gallery.begin(),
                                       task.gallery.end());
  for (const auto& question : task.questions) {
    rest.erase(question.picture);
    for (const auto row : question.relevant) rest.erase(task.gallery[row]);
  }
  task = without_files(task, rest);
}

EvalTask without_files(const EvalTask& task,
                       const std::set<std::filesystem::path>& missing) {
  if (missing.empty()) return task;
  auto kept = task;
  kept.gallery.clear();
  kept.names.clear();
  kept.questions.clear();
  Renumbering rows;
  for (std::size_t row = 0; row < task.gallery.size(); ++row) {
    if (missing.contains(task.gallery[row])) continue;
    rows.keep(row);
    kept.gallery.push_back(task.gallery[row]);
    if (!task.names.empty()) kept.names.push_back(task.names[row]);
  }
  for (auto question : task.questions) {
    const bool had_answers = !question.relevant.empty();
    question.relevant = rows.of_shared(question.relevant);
    question.removed = rows.of(question.removed);
    question.subset = rows.of(question.subset);
    if (question.target) question.target = rows.of(*question.target);
    if (!missing.contains(question.picture) &&
        !(had_answers && question.relevant.empty()))
      kept.questions.push_back(std::move(question));
  }
  return kept;
}

}  // namespace igrot

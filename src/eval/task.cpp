#include "eval/task.h"

#include <algorithm>
#include <map>

namespace igrot {

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

EvalTask without_files(const EvalTask& task,
                       const std::set<std::filesystem::path>& missing) {
  EvalTask kept{.name = task.name, .gallery = {}, .questions = {}};
  std::map<std::size_t, std::size_t> new_row;
  for (std::size_t row = 0; row < task.gallery.size(); ++row) {
    if (missing.contains(task.gallery[row])) continue;
    new_row.emplace(row, kept.gallery.size());
    kept.gallery.push_back(task.gallery[row]);
  }
  const auto renumbered = [&](const std::vector<std::size_t>& rows) {
    std::vector<std::size_t> left;
    for (const auto row : rows)
      if (const auto found = new_row.find(row); found != new_row.end())
        left.push_back(found->second);
    return left;
  };
  for (auto question : task.questions) {
    question.relevant = renumbered(question.relevant);
    question.removed = renumbered(question.removed);
    if (!missing.contains(question.picture) && !question.relevant.empty())
      kept.questions.push_back(std::move(question));
  }
  return kept;
}

}  // namespace igrot

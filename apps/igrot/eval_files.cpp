#include "eval_files.h"

#include <fmt/format.h>

#include "base/file.h"
#include "eval_output.h"
#include "formats/npy.h"
#include "metrics/scores.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

std::vector<float> score_row(const Benchmark& benchmark,
                             std::span<const float> query, MatrixView gallery) {
  auto scores = ranking_scores(query, gallery);
  if (benchmark.score_rows == ScoreRows::plain) return scores;
  Tensor row({1, scores.size()}, scores);
  normalize_rows(row);
  return {row.values().begin(), row.values().end()};
}

}  // namespace

void write_text(const fs::path& path, const std::string& text) {
  AtomicFile file(path);
  file.write(text);
  file.commit();
}

bool write_scores(const fs::path& out, const Benchmark& benchmark,
                  const Evaluation& found, const EvalHooks& hooks) {
  const bool alone = found.rankings.size() == 1;
  for (const auto& task : found.tasks)
    write_text(out / (alone ? "scores.json" : "scores-" + task.name + ".json"),
               json_text(task_json(task), 1) + "\n");
  std::size_t done = 0;
  for (const auto& ranking : found.rankings) {
    const auto gallery = ranking.gallery->matrix();
    const auto queries = ranking.queries.matrix();
    const auto name =
        alone ? "scores.npy"
              : fmt::format("scores-{}-{}.npy", found.tasks[ranking.task].name,
                            name_of(eval_methods, ranking.method));
    NpyWriter file(out / name, DType::f32, {gallery.rows});
    for (std::size_t q = 0; q < queries.rows; ++q) {
      file.append(std::span<const float>(
          score_row(benchmark, queries.row(q), gallery)));
      if (hooks.stage &&
          !hooks.stage("writing scores", done, found.rankings.size()))
        return false;
    }
    file.commit();
    ++done;
  }
  return true;
}

std::optional<std::vector<fs::path>> write_submissions(
    const fs::path& out, const Benchmark& benchmark, const Evaluation& found,
    const EvalHooks& hooks) {
  std::vector<fs::path> files;
  const auto& last = found.rankings.back();
  for (const auto& form : benchmark.submissions)
    for (const auto& ranking : found.rankings) {
      const auto& task = found.tasks[ranking.task];
      std::string name;
      if (ranking.task != last.task) name += task.name + "-";
      if (ranking.method != last.method)
        name += std::string(name_of(eval_methods, ranking.method)) + "-";
      const auto text = submission_text(form, task, ranking, hooks);
      if (!text) return std::nullopt;
      files.push_back(out / (name + std::string(form.file) + ".json"));
      write_text(files.back(), *text);
    }
  return files;
}

}  // namespace igrot::app

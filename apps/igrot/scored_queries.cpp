#include "scored_queries.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

#include "base/fail.h"
#include "formats/npy.h"
#include "metrics/ranking.h"

namespace igrot::app {
namespace {

/// Rows of scores, read from the file one at a time, in double precision.
class ScoreRows {
 public:
  explicit ScoreRows(const std::filesystem::path& path)
      : stored_(read_npy(path)), bytes_(stored_.bytes()) {
    if (stored_.shape().size() != 2)
      fail(ErrorKind::usage, "{} has shape [{}], expected [queries, gallery]",
           path.string(), fmt::join(stored_.shape(), ", "));
    expect_numbers(stored_, path.string());
  }

  std::size_t rows() const { return stored_.shape()[0]; }
  std::size_t columns() const { return stored_.shape()[1]; }

  std::vector<double> row(std::size_t i) const {
    const auto row_bytes = columns() * size_bytes(stored_.dtype());
    const auto bytes = bytes_.get().subspan(i * row_bytes, row_bytes);
    std::vector<double> scores(columns());
    if (stored_.dtype() == DType::f64) {
      if (!bytes.empty())
        std::memcpy(scores.data(), bytes.data(), bytes.size());
      return scores;
    }
    std::vector<float> floats(columns());
    to_float(stored_.dtype(), bytes, columns(), floats.data());
    return {floats.begin(), floats.end()};
  }

 private:
  StoredTensor stored_;
  ContiguousBytes bytes_;
};

/// The labels and everything that goes with them.
struct Judgement {
  Labels labels;
  std::vector<Rows> removed;
  std::vector<Rows> subset;
};

std::vector<Rows> read_optional_rows(const std::string& file,
                                     const LabelledSize& size) {
  if (file.empty()) return {};
  return read_row_lists(read_whole_numbers(file), size);
}

Judgement read_judgement(const LabelFiles& files, const LabelledSize& size) {
  std::optional<WholeNumbers> gallery_classes;
  if (!files.gallery_labels.empty())
    gallery_classes = read_whole_numbers(files.gallery_labels);
  return {.labels = read_labels(read_whole_numbers(files.labels),
                                gallery_classes, size, files.kind),
          .removed = read_optional_rows(files.removed, size),
          .subset = read_optional_rows(files.subset, size)};
}

/// Whether the first answer of a query is the one that was meant.
bool has_targets(const Labels& labels) {
  return labels.kind == LabelKind::rows &&
         std::ranges::any_of(labels.right,
                             [](const Rows& rows) { return rows.size() > 1; });
}

Rows first_of(const Rows& rows) {
  return {rows.begin(), rows.begin() + (rows.empty() ? 0 : 1)};
}

/// Adds one query. A right answer that is removed counts no more.
void add_query(ScoredQueries& scored, const Judgement& judgement, std::size_t q,
               Rows ranking) {
  Rows right = judgement.labels.right[q];
  for (const auto* removed : {&judgement.labels.removed, &judgement.removed}) {
    if (removed->empty()) continue;
    ranking = without_rows(ranking, (*removed)[q]);
    right = without_rows(right, (*removed)[q]);
  }
  scored.depth = std::max(scored.depth, ranking.size());
  scored.ranks.push_back(ranks_in(ranking, right));
  if (has_targets(judgement.labels))
    scored.target_ranks.push_back(ranks_in(ranking, first_of(right)));
  if (!judgement.subset.empty())
    scored.subset_ranks.push_back(
        ranks_in(only_rows(ranking, judgement.subset[q]), first_of(right)));
}

/// Throws Error: corrupt when a ranking names a row twice.
void check_once(const Rows& ranking, std::size_t q, const std::string& name) {
  const std::set<std::size_t> once(ranking.begin(), ranking.end());
  if (once.size() != ranking.size())
    fail(ErrorKind::corrupt, "{}: query {} names a row more than once", name,
         q);
}

}  // namespace

std::optional<ScoredQueries> score_matrix(const std::filesystem::path& path,
                                          const LabelFiles& files,
                                          const Progress& progress) {
  const ScoreRows scores(path);
  const LabelledSize size{scores.rows(), scores.columns()};
  const auto judgement = read_judgement(files, size);
  ScoredQueries scored;
  scored.labels = name_of(label_kinds, judgement.labels.kind);
  scored.gallery = size.gallery;
  for (std::size_t q = 0; q < scores.rows(); ++q) {
    if (!progress(q, scores.rows())) return std::nullopt;
    const auto row = scores.row(q);
    scored.not_numbers += static_cast<std::size_t>(std::ranges::count_if(
        row, [](double score) { return std::isnan(score); }));
    add_query(scored, judgement, q, ranking_of(row));
  }
  return scored;
}

ScoredQueries score_rankings(const std::filesystem::path& path,
                             const LabelFiles& files) {
  const auto numbers = read_whole_numbers(path);
  if (numbers.shape.size() != 2)
    fail(ErrorKind::usage, "{} has shape [{}], expected [queries, K]",
         numbers.name, fmt::join(numbers.shape, ", "));
  const LabelledSize size{numbers.shape[0], std::nullopt};
  const auto judgement = read_judgement(files, size);
  const auto rankings = read_row_lists(numbers, size);
  ScoredQueries scored;
  scored.labels = name_of(label_kinds, judgement.labels.kind);
  for (std::size_t q = 0; q < rankings.size(); ++q) {
    check_once(rankings[q], q, numbers.name);
    add_query(scored, judgement, q, rankings[q]);
  }
  return scored;
}

}  // namespace igrot::app

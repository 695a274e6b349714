// The reference's score matrices and what it makes of them.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "formats/npy.h"
#include "metrics/ranking.h"

namespace igrot::test {

using Rows = std::vector<std::size_t>;

inline std::filesystem::path eval_golden(const std::string& name) {
  return std::filesystem::path(IGROT_TEST_GOLDEN "/eval") / name;
}

inline nlohmann::json eval_json(const std::string& name) {
  std::ifstream in(eval_golden(name));
  return nlohmann::json::parse(in);
}

/// Whole numbers of an npy file.
inline std::vector<long> eval_numbers(const std::string& name) {
  const auto tensor = read_npy_f32(eval_golden(name));
  return {tensor.values().begin(), tensor.values().end()};
}

/// The rankings of a score matrix, without the rows removed.
inline std::vector<Rows> eval_rankings(MatrixView scores,
                                       const std::vector<Rows>& removed = {}) {
  std::vector<Rows> rankings;
  for (std::size_t q = 0; q < scores.rows; ++q) {
    const auto row = scores.row(q);
    const auto ranking =
        ranking_of(std::vector<double>(row.begin(), row.end()));
    rankings.push_back(removed.empty() ? ranking
                                       : without_rows(ranking, removed[q]));
  }
  return rankings;
}

inline std::vector<Rows> eval_ranks(const std::vector<Rows>& rankings,
                                    const std::vector<Rows>& right) {
  std::vector<Rows> ranks;
  for (std::size_t q = 0; q < rankings.size(); ++q)
    ranks.push_back(ranks_in(rankings[q], right[q]));
  return ranks;
}

/// Gallery rows of each query's class.
inline std::vector<Rows> rows_of_class(const std::vector<long>& queries,
                                       const std::vector<long>& gallery) {
  std::vector<Rows> right(queries.size());
  for (std::size_t q = 0; q < queries.size(); ++q)
    for (std::size_t row = 0; row < gallery.size(); ++row)
      if (gallery[row] == queries[q]) right[q].push_back(row);
  return right;
}

/// Places of names or numbers in a JSON list of them.
inline std::size_t place_in(const nlohmann::json& list,
                            const nlohmann::json& item) {
  const auto found = std::ranges::find(list, item);
  return static_cast<std::size_t>(found - list.begin());
}

inline Rows places_in(const nlohmann::json& list, const nlohmann::json& items) {
  Rows rows;
  for (const auto& item : items) rows.push_back(place_in(list, item));
  return rows;
}

}  // namespace igrot::test

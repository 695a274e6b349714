// Rankings that somebody else made: of scores, or as lists.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace igrot {

/// Rows from best to worst by score; equal scores keep the gallery's order,
/// rows whose score is not a number are left out.
std::vector<std::size_t> ranking_of(std::span<const double> scores);

/// The ranking without these rows. rows: in any order.
std::vector<std::size_t> without_rows(std::span<const std::size_t> ranking,
                                      std::span<const std::size_t> rows);

/// These rows of the ranking alone, in its order.
std::vector<std::size_t> only_rows(std::span<const std::size_t> ranking,
                                   std::span<const std::size_t> rows);

/// Places (0: first) of the right answers in a ranking, ascending; behind them
/// an `unranked` for each that it does not hold. An answer that is named twice
/// counts once. ranking: each row at most once.
std::vector<std::size_t> ranks_in(std::span<const std::size_t> ranking,
                                  std::span<const std::size_t> right);

}  // namespace igrot

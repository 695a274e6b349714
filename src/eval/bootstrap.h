// How sure a difference of two means is: the paired bootstrap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace igrot {

struct BootstrapOptions {
  std::size_t samples = 10000;
  std::uint64_t seed = 0;
  double confidence = 0.95;
};

struct Interval {
  double low = 0;
  double high = 0;
};

/// Percentile intervals of the mean of each column of differences, from drawing
/// the questions again, with replacement, `samples` times (Efron and
/// Tibshirani 1993, chapter 13). columns: of one length, a question a place;
/// what is not a number does not count. All columns are drawn together. The
/// interval of the negated differences is this one negated. {0, 0} where no
/// question counts. 1 <= samples; 0 < confidence < 1.
std::vector<Interval> bootstrap_intervals(
    const std::vector<std::vector<double>>& columns,
    const BootstrapOptions& options);

/// How likely such a split of wins and losses, or a less even one, is where
/// both are equally likely: the exact two-sided sign test. 1 where there are
/// none.
double sign_test(std::size_t wins, std::size_t losses);

}  // namespace igrot

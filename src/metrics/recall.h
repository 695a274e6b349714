// Recall of rankings with one right answer. Source: method.md 8.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "igrot/tensor.h"

namespace igrot {

/// Place (0: first) of each query's target when the gallery is ranked by
/// score: how many rows score higher, plus the equal ones that come before it.
/// queries: [Q, d]; gallery: [G, d]; targets: Q row numbers of the gallery.
/// Scores are `ranking_score`s and do not depend on the number of threads. A
/// target whose score is not a number comes last; other such rows never come
/// before the target. Throws Error: usage (widths, counts or row numbers that
/// do not fit, no threads).
std::vector<std::size_t> target_ranks(MatrixView queries, MatrixView gallery,
                                      std::span<const std::size_t> targets,
                                      std::size_t threads);

/// Share of ranks below k, in percent; 0 without queries.
double recall_at(std::span<const std::size_t> ranks, std::size_t k);

/// The value of a formula over recalls: "R@10", "mean(R@1,R@5,R@10)"; spaces
/// may stand around a term. Throws Error: usage (anything else, naming what is
/// understood), also without ranks.
double evaluate_metric(std::string_view formula,
                       std::span<const std::size_t> ranks);

}  // namespace igrot

// How the reference program rounds, for numbers that equal its own to the last
// digit. Source: method.md 8; its measured outputs.
#pragma once

#include "igrot/settings.h"
#include "metrics/relevant_ranks.h"

namespace igrot {

enum class Rounding {
  none,
  /// Its SBIR and DTIN programs: two decimals, halves to even; precision is
  /// summed and rounded in float32, so that 81.33 reads 81.33000183.
  sbir,
  /// Its FashionIQ, CIRR and LaSCo programs: the quotient of recall is a
  /// float32, so that 90 reads 89.99999762; nothing else is changed.
  cir,
};

inline constexpr std::array roundings{Named{Rounding::none, "none"},
                                      Named{Rounding::sbir, "sbir"},
                                      Named{Rounding::cir, "cir"}};

/// To two decimals, halves to even.
double two_decimals(double value);

/// `recall_at`, rounded.
double recall_at(std::span<const std::size_t> ranks, std::size_t k,
                 Rounding rounding);

/// `precision_at`, rounded.
double precision_at(RowLists ranks, std::size_t k, Rounding rounding);

}  // namespace igrot

// How far down rankings the first right answer is.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace igrot {

struct RankBin {
  std::string_view name;
  std::size_t last;  ///< place, from 1
};

inline constexpr std::array rank_bins{
    RankBin{"1", 1},        RankBin{"2-5", 5},
    RankBin{"6-10", 10},    RankBin{"11-50", 50},
    RankBin{"51-100", 100}, RankBin{">100", static_cast<std::size_t>(-1)}};

/// The bin of a place, which counts from 0; nothing where nothing is right
/// (`unranked`).
std::optional<std::size_t> rank_bin(std::size_t place);

/// How many places are in each bin.
std::array<std::size_t, rank_bins.size()> rank_counts(
    std::span<const std::size_t> places);

/// A drawing of the bins, which the page's script makes buttons of.
std::string histogram_svg(std::span<const std::size_t> places);

}  // namespace igrot

#include "eval/rank_histogram.h"

#include <fmt/format.h>

#include <algorithm>

#include "metrics/average_precision.h"

namespace igrot {
namespace {

// In units of the drawing, which is as wide as the screen lets it be.
constexpr std::size_t bin_width = 60;
constexpr std::size_t bar_width = 44;
constexpr std::size_t bar_top = 18;
constexpr std::size_t bar_height = 70;
constexpr std::size_t height = 110;

std::string bin_svg(std::size_t bin, std::size_t count, std::size_t most,
                    std::size_t all) {
  const auto length =
      count == 0 ? 0.0
                 : std::max(2.0, static_cast<double>(bar_height * count) /
                                     static_cast<double>(most));
  const auto left = bin * bin_width;
  return fmt::format(
      "<g class=\"bin\" data-bin=\"{bin}\"><title>rank {name}: {count} of "
      "{all} questions</title>"
      "<rect class=\"reach\" x=\"{left}\" y=\"0\" width=\"{bin_width}\" "
      "height=\"{height}\"/>"
      "<rect class=\"bar\" x=\"{bar_left}\" y=\"{bar_y:.1f}\" "
      "width=\"{bar_width}\" height=\"{length:.1f}\" rx=\"2\"/>"
      "<text x=\"{middle}\" y=\"{count_y:.1f}\">{count}</text>"
      "<text class=\"name\" x=\"{middle}\" y=\"{name_y}\">{name}</text></g>\n",
      fmt::arg("bin", bin),
      fmt::arg("name",
               bin + 1 == rank_bins.size() ? "&gt;100" : rank_bins[bin].name),
      fmt::arg("count", count), fmt::arg("all", all), fmt::arg("left", left),
      fmt::arg("bin_width", bin_width), fmt::arg("height", height),
      fmt::arg("bar_left", left + (bin_width - bar_width) / 2),
      fmt::arg("bar_y", static_cast<double>(bar_top + bar_height) - length),
      fmt::arg("bar_width", bar_width), fmt::arg("length", length),
      fmt::arg("middle", left + bin_width / 2),
      fmt::arg("count_y",
               static_cast<double>(bar_top + bar_height) - length - 5),
      fmt::arg("name_y", height - 6));
}

}  // namespace

std::optional<std::size_t> rank_bin(std::size_t place) {
  if (place == unranked) return std::nullopt;
  const auto bin = std::ranges::find_if(
      rank_bins, [&](const RankBin& row) { return place < row.last; });
  return static_cast<std::size_t>(bin - rank_bins.begin());
}

std::array<std::size_t, rank_bins.size()> rank_counts(
    std::span<const std::size_t> places) {
  std::array<std::size_t, rank_bins.size()> counts{};
  for (const auto place : places)
    if (const auto bin = rank_bin(place)) ++counts[*bin];
  return counts;
}

std::string histogram_svg(std::span<const std::size_t> places) {
  const auto counts = rank_counts(places);
  const auto most = std::max<std::size_t>(std::ranges::max(counts), 1);
  auto svg = fmt::format(
      "<svg class=\"ranks\" viewBox=\"0 0 {} {}\" role=\"group\" "
      "aria-label=\"Rank of the first right answer\">\n",
      bin_width * rank_bins.size(), height);
  for (std::size_t bin = 0; bin < counts.size(); ++bin)
    svg += bin_svg(bin, counts[bin], most, places.size());
  return svg + "</svg>\n";
}

}  // namespace igrot

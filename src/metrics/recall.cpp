#include "metrics/recall.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/fail.h"

namespace igrot {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = std::min(text.find_first_not_of(' '), text.size());
  text.remove_prefix(first);
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

/// K of "R@K", which is at least 1.
std::optional<std::size_t> cut_of(std::string_view term) {
  term = trimmed(term);
  if (!term.starts_with("R@")) return std::nullopt;
  term.remove_prefix(2);
  std::size_t cut = 0;
  const auto* end = term.data() + term.size();
  const auto [rest, error] = std::from_chars(term.data(), end, cut);
  if (error != std::errc() || rest != end || cut == 0) return std::nullopt;
  return cut;
}

/// The cuts of "R@K" or "mean(R@K,...)"; none when it is neither.
std::vector<std::size_t> cuts_of(std::string_view formula) {
  auto terms = trimmed(formula);
  const bool mean = terms.starts_with("mean");
  if (mean) {
    terms = trimmed(terms.substr(4));
    if (!terms.starts_with('(') || !terms.ends_with(')')) return {};
    terms = terms.substr(1, terms.size() - 2);
  }
  std::vector<std::size_t> cuts;
  for (std::size_t begin = 0, end = 0; end < terms.size(); begin = end + 1) {
    end = mean ? std::min(terms.find(',', begin), terms.size()) : terms.size();
    const auto cut = cut_of(terms.substr(begin, end - begin));
    if (!cut) return {};
    cuts.push_back(*cut);
  }
  return cuts;
}

}  // namespace

double recall_at(std::span<const std::size_t> ranks, std::size_t k) {
  if (ranks.empty()) return 0;
  const auto found =
      std::ranges::count_if(ranks, [&](std::size_t rank) { return rank < k; });
  return 100.0 * static_cast<double>(found) / static_cast<double>(ranks.size());
}

double evaluate_metric(std::string_view formula,
                       std::span<const std::size_t> ranks) {
  const auto cuts = cuts_of(formula);
  if (cuts.empty())
    fail(ErrorKind::usage,
         "metric '{}': expected R@K or mean(R@K,...), K at least 1", formula);
  double sum = 0;
  for (const auto cut : cuts) sum += recall_at(ranks, cut);
  return sum / static_cast<double>(cuts.size());
}

}  // namespace igrot

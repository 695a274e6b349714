#include "eval/bootstrap.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace igrot {
namespace {

/// Names these random numbers among those of other purposes.
constexpr std::uint64_t bootstrap_purpose = 0x626F6F74;  // "boot"

struct Term {
  std::size_t question;
  double difference;
};

/// One column without what adds nothing: most differences of R@k are 0.
struct Column {
  std::vector<Term> terms;
  std::vector<std::size_t> uncounted;
  std::vector<double> means;  ///< of the samples that have a question

  explicit Column(std::span<const double> differences) {
    for (std::size_t q = 0; q < differences.size(); ++q)
      if (std::isnan(differences[q]))
        uncounted.push_back(q);
      else if (differences[q] != 0)
        terms.push_back({q, differences[q]});
  }

  /// times: how often each question was drawn.
  void add_sample(std::span<const std::uint32_t> times) {
    double sum = 0;
    for (const auto& [question, difference] : terms)
      sum += times[question] * difference;
    std::size_t count = times.size();
    for (const auto question : uncounted) count -= times[question];
    if (count > 0) means.push_back(sum / static_cast<double>(count));
  }

  /// As many means lie below as above, so that signs may be turned.
  Interval interval(double confidence) {
    if (means.empty()) return {};
    std::ranges::sort(means);
    const auto outside = static_cast<std::size_t>(
        (1 - confidence) / 2 * static_cast<double>(means.size()));
    const auto cut = std::min(outside, (means.size() - 1) / 2);
    return {means[cut], means[means.size() - 1 - cut]};
  }
};

/// The natural logarithm of n over k.
double log_choose(double n, double k) {
  return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
}

}  // namespace

std::vector<Interval> bootstrap_intervals(
    const std::vector<std::vector<double>>& columns,
    const BootstrapOptions& options) {
  if (columns.empty()) return {};
  std::vector<Column> drawn(columns.begin(), columns.end());
  const auto questions = columns.front().size();
  std::vector<std::uint32_t> times(questions);
  for (std::size_t s = 0; s < options.samples; ++s) {
    std::ranges::fill(times, 0U);
    Random random(options.seed, bootstrap_purpose, s);
    for (std::size_t i = 0; i < questions; ++i)
      ++times[random.below(questions)];
    for (auto& column : drawn) column.add_sample(times);
  }
  std::vector<Interval> intervals;
  for (auto& column : drawn)
    intervals.push_back(column.interval(options.confidence));
  return intervals;
}

double sign_test(std::size_t wins, std::size_t losses) {
  const auto n = static_cast<double>(wins + losses);
  double tail = 0;
  for (std::size_t k = 0; k <= std::min(wins, losses); ++k)
    tail += std::exp(log_choose(n, static_cast<double>(k)) - n * std::log(2));
  return std::min(1.0, 2 * tail);
}

}  // namespace igrot

#include "metrics/answer_counts.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "metrics/score_blocks.h"
#include "metrics/sorted_once.h"

namespace igrot {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

// Most bins hold no answer, or one.
constexpr std::size_t bins_an_answer = 4;
constexpr std::size_t fewest_bins = 64;
constexpr std::size_t most_bins = 8192;

// In a bin of more answers, their places are searched by halves.
constexpr std::size_t few_answers = 8;

}  // namespace

AnswerCounts::AnswerCounts(std::span<const float> query, MatrixView gallery,
                           double longest,
                           const std::vector<std::size_t>& relevant,
                           const std::vector<std::size_t>& removed)
    : query_(query),
      gallery_(gallery),
      error_(largest_error(query.size(), length_of(query) * longest)) {
  const auto gone = sorted_once(removed);
  removed_ = gone.size();
  sort_answers(relevant, gone);
  if (!answers_.empty() && error_ < infinity) build_bins();
}

void AnswerCounts::sort_answers(const std::vector<std::size_t>& relevant,
                                std::span<const std::size_t> removed) {
  uncounted_ = sorted_once(relevant);
  for (const auto row : uncounted_) {
    if (std::ranges::binary_search(removed, row)) continue;
    const auto score = ranking_score(query_, gallery_.row(row));
    if (std::isnan(score))
      ++no_numbers_;
    else
      answers_.push_back({score, row});
  }
  std::ranges::sort(answers_, comes_before);
  before_.resize(answers_.size() + 1);
  uncounted_.insert(uncounted_.end(), removed.begin(), removed.end());
  uncounted_ = sorted_once(std::move(uncounted_));
}

void AnswerCounts::build_bins() {
  for (const auto& answer : answers_) {
    low_.push_back(std::nextafter(answer.score - error_, -infinity));
    high_.push_back(std::nextafter(answer.score + error_, infinity));
  }
  const auto bins = std::clamp(std::bit_ceil(bins_an_answer * answers_.size()),
                               fewest_bins, most_bins);
  scale_ = static_cast<float>(bins) / (high_.front() - low_.back());
  first_.resize(bins + 1);
  for (const auto low : low_) ++first_[bin_of(low) + 1];
  for (std::size_t bin = 1; bin <= bins; ++bin) first_[bin] += first_[bin - 1];
  bottom_ = low_.back();
  low_.push_back(-infinity);
  high_.push_back(-infinity);
}

/// Never less for a lower score. score: at least `bottom_`.
std::size_t AnswerCounts::bin_of(float score) const {
  const auto bin = std::max((high_.front() - score) * scale_, 0.0F);
  return std::min(static_cast<std::size_t>(bin), first_.size() - 2);
}

/// How many answers come before a row of that score whatever its exact score.
std::size_t AnswerCounts::sure_before(float score) const {
  const auto bin = bin_of(score);
  std::size_t i = first_[bin];
  const std::size_t end = first_[bin + 1];
  if (end - i > few_answers) {
    const std::span in_bin(low_.data() + i, end - i);
    return static_cast<std::size_t>(
               std::ranges::partition_point(
                   in_bin, [&](float low) { return low > score; }) -
               in_bin.begin()) +
           i;
  }
  // Two steps without a branch: a processor cannot foresee which way it goes.
  i += low_[i] > score ? 1 : 0;
  i += low_[i] > score ? 1 : 0;
  while (low_[i] > score) ++i;
  return i;
}

void AnswerCounts::pass(std::size_t first, std::span<float> scores) {
  if (answers_.empty()) return;
  if (error_ == infinity) {
    for (std::size_t i = 0; i < scores.size(); ++i)
      if (!std::ranges::binary_search(uncounted_, first + i))
        count_exactly(first + i, 0);
    return;
  }
  for (auto row = std::ranges::lower_bound(uncounted_, first);
       row != uncounted_.end() && *row < first + scores.size(); ++row)
    scores[*row - first] = -infinity;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const auto score = scores[i];
    if (score < bottom_) continue;  // behind all answers
    const auto place = sure_before(score);
    if (high_[place] >= score)
      count_exactly(first + i, place);
    else
      ++before_[place];
  }
}

/// surely: answers that are known to come before.
void AnswerCounts::count_exactly(std::size_t row, std::size_t surely) {
  const ScoredRow found{ranking_score(query_, gallery_.row(row)), row};
  if (std::isnan(found.score)) return;
  const std::span rest(answers_.begin() + static_cast<std::ptrdiff_t>(surely),
                       answers_.end());
  const auto behind = std::ranges::upper_bound(rest, found, comes_before);
  ++before_[surely + static_cast<std::size_t>(behind - rest.begin())];
}

std::vector<std::size_t> AnswerCounts::ranks() const {
  std::vector<std::size_t> ranks;
  std::size_t others = 0;
  for (std::size_t i = 0; i < answers_.size(); ++i)
    ranks.push_back(i + (others += before_[i]));
  const auto last = gallery_.rows - removed_ - no_numbers_;
  for (std::size_t i = 0; i < no_numbers_; ++i) ranks.push_back(last + i);
  return ranks;
}

}  // namespace igrot

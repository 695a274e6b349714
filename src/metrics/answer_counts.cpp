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

// Most bins hold no answer or one; tables stay in a first-level cache.
constexpr std::size_t bins_an_answer = 2;
constexpr std::size_t fewest_bins = 64;
constexpr std::size_t most_bins = 4096;

// In a bin of more answers, their places are searched by halves.
constexpr std::size_t few_answers = 8;

}  // namespace

AnswerCounts::AnswerCounts(std::span<const float> query, MatrixView gallery,
                           double longest,
                           const std::vector<std::size_t>& relevant,
                           const std::vector<std::size_t>& removed)
    : query_(query),
      gallery_(gallery),
      uncounted_(sorted_once(relevant)),
      error_(largest_error(query.size(), length_of(query) * longest)) {
  const auto gone = sorted_once(removed);
  removed_ = gone.size();
  for (const auto row : uncounted_)
    if (!std::ranges::binary_search(gone, row)) answers_.push_back({0, row});
  uncounted_.insert(uncounted_.end(), gone.begin(), gone.end());
  uncounted_ = sorted_once(std::move(uncounted_));
}

void AnswerCounts::score_answers(std::size_t end) {
  for (; scored_ < answers_.size() && answers_[scored_].row < end; ++scored_) {
    auto& [score, row] = answers_[scored_];
    score = ranking_score(query_, gallery_.row(row));
  }
}

void AnswerCounts::sort_answers() {
  no_numbers_ = std::erase_if(answers_, [](const ScoredRow& answer) {
    return std::isnan(answer.score);
  });
  std::ranges::sort(answers_, comes_before);
  for (const auto& answer : answers_)
    places_.push_back(
        {.low = std::nextafter(answer.score - error_, -infinity),
         .high = std::nextafter(answer.score + error_, infinity)});
  places_.push_back({.low = -infinity, .high = -infinity});
  if (!answers_.empty() && error_ < infinity) build_bins();
}

void AnswerCounts::build_bins() {
  const std::span answers(places_.data(), answers_.size());
  bottom_ = answers.back().low;
  const auto bins = std::clamp(std::bit_ceil(bins_an_answer * answers.size()),
                               fewest_bins, most_bins);
  scale_ = static_cast<float>(bins) / (answers.front().high - bottom_);
  first_.resize(bins + 1);
  for (const auto& place : answers) ++first_[bin_of(place.low) + 1];
  for (std::size_t bin = 1; bin <= bins; ++bin) first_[bin] += first_[bin - 1];
}

/// Never less for a lower score. score: at least `bottom_`.
std::size_t AnswerCounts::bin_of(float score) const {
  const auto bin = std::max((places_.front().high - score) * scale_, 0.0F);
  return std::min(static_cast<std::size_t>(bin), first_.size() - 2);
}

/// How many answers come before a row of that score whatever its exact score.
std::size_t AnswerCounts::sure_before(float score, std::size_t bin) const {
  std::size_t i = first_[bin];
  const std::size_t end = first_[bin + 1];
  const auto is_sure = [&](const Place& place) { return place.low > score; };
  if (end - i > few_answers) {
    const std::span in_bin(places_.data() + i, end - i);
    const auto found = std::ranges::partition_point(in_bin, is_sure);
    return i + static_cast<std::size_t>(found - in_bin.begin());
  }
  // Two steps without a branch: a processor cannot foresee which way it goes.
  i += is_sure(places_[i]) ? 1 : 0;
  i += is_sure(places_[i]) ? 1 : 0;
  while (is_sure(places_[i])) ++i;
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
  // First without branches: which rows are not behind all answers is as good as
  // random. Then what they will look at is on its way before it is needed.
  std::size_t count = 0;
  near_.resize(scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    near_[count].row = static_cast<std::uint32_t>(i);
    count += scores[i] >= bottom_ ? 1 : 0;
  }
  const auto near = std::span(near_).first(count);
  for (auto& [row, bin] : near) {
    bin = static_cast<std::uint32_t>(bin_of(scores[row]));
    __builtin_prefetch(&first_[bin]);
  }
  for (const auto& [row, bin] : near) __builtin_prefetch(&places_[first_[bin]]);
  for (const auto& [row, bin] : near) {
    const auto place = sure_before(scores[row], bin);
    if (places_[place].high >= scores[row])
      count_exactly(first + row, place);
    else
      ++places_[place].before;
  }
}

/// surely: answers that are known to come before.
void AnswerCounts::count_exactly(std::size_t row, std::size_t surely) {
  const ScoredRow found{ranking_score(query_, gallery_.row(row)), row};
  if (std::isnan(found.score)) return;
  const auto rest = std::span(answers_).subspan(surely);
  const auto behind = std::ranges::upper_bound(rest, found, comes_before);
  ++places_[surely + static_cast<std::size_t>(behind - rest.begin())].before;
}

std::vector<std::size_t> AnswerCounts::ranks() const {
  std::vector<std::size_t> ranks;
  std::size_t others = 0;
  for (std::size_t i = 0; i < answers_.size(); ++i)
    ranks.push_back(i + (others += places_[i].before));
  const auto last = gallery_.rows - removed_ - no_numbers_;
  for (std::size_t i = 0; i < no_numbers_; ++i) ranks.push_back(last + i);
  return ranks;
}

}  // namespace igrot

#include "eval/question_metrics.h"

#include <cmath>
#include <numeric>

#include "metrics/rounding.h"

namespace igrot {
namespace {

using enum AveragePrecision;
using enum CutDenominator;

template <AveragePrecision definition>
double average(const AnswerPlaces& places) {
  return average_precision(places.right, definition);
}

template <std::size_t k, AveragePrecision definition,
          CutDenominator denominator>
double average_at(const AnswerPlaces& places) {
  return average_precision(cut_ranks(places.right, k, denominator), definition);
}

template <std::size_t k>
double recall(const AnswerPlaces& places) {
  return !places.right.empty() && places.right.front() < k ? 1 : 0;
}

template <std::size_t k>
double target_recall(const AnswerPlaces& places) {
  return places.target < k ? 1 : 0;
}

template <std::size_t k>
double subset_recall(const AnswerPlaces& places) {
  return places.in_subset < k ? 1 : 0;
}

/// CIRR's own mean of the two.
double recall_and_subset(const AnswerPlaces& places) {
  return (recall<5>(places) + subset_recall<1>(places)) / 2;
}

double found_share(const AnswerPlaces& places, std::size_t k) {
  return static_cast<double>(cut_ranks(places.right, k, inside).size()) /
         static_cast<double>(k);
}

template <std::size_t k>
double precision(const AnswerPlaces& places) {
  return found_share(places, k);
}

template <std::size_t k>
double capped_precision(const AnswerPlaces& places) {
  if (places.right.empty()) return std::nan("");
  return found_share(places, std::min(k, places.right.size()));
}

constexpr std::array emoji_rows{
    EvalMetric{"mAP", average<plain>},
    EvalMetric{"mAP trapezoidal", average<trapezoidal>},
    EvalMetric{"mAP voc", average<voc>},
    EvalMetric{"R@1", recall<1>},
    EvalMetric{"R@5", recall<5>},
    EvalMetric{"R@10", recall<10>},
    EvalMetric{"R@50", recall<50>}};

constexpr std::array one_answer_rows{
    EvalMetric{"R@1", recall<1>, float_percent},
    EvalMetric{"R@5", recall<5>, float_percent},
    EvalMetric{"R@10", recall<10>, float_percent},
    EvalMetric{"R@50", recall<50>, float_percent},
    EvalMetric{"R@100", recall<100>, float_percent},
    EvalMetric{"mAP", average<plain>}};

constexpr std::array subset_rows{
    EvalMetric{"R@1", recall<1>, float_percent},
    EvalMetric{"R@5", recall<5>, float_percent},
    EvalMetric{"R@10", recall<10>, float_percent},
    EvalMetric{"R@50", recall<50>, float_percent},
    EvalMetric{"R_subset@1", subset_recall<1>, float_percent},
    EvalMetric{"R_subset@2", subset_recall<2>, float_percent},
    EvalMetric{"R_subset@3", subset_recall<3>, float_percent},
    EvalMetric{"mean(R@5,R_subset@1)", recall_and_subset}};

constexpr std::array truths_rows{
    EvalMetric{"mAP@5", average_at<5, plain, min_k>},
    EvalMetric{"mAP@10", average_at<10, plain, min_k>},
    EvalMetric{"mAP@25", average_at<25, plain, min_k>},
    EvalMetric{"mAP@50", average_at<50, plain, min_k>},
    EvalMetric{"R@1", target_recall<1>},
    EvalMetric{"R@5", target_recall<5>},
    EvalMetric{"R@10", target_recall<10>},
    EvalMetric{"R@25", target_recall<25>},
    EvalMetric{"R@50", target_recall<50>}};

constexpr std::array class_rows{
    EvalMetric{"R@1", recall<1>, two_decimal_percent},
    EvalMetric{"R@10", recall<10>, two_decimal_percent},
    EvalMetric{"R@50", recall<50>, two_decimal_percent},
    EvalMetric{"P@50", precision<50>, float_two_decimal_percent},
    EvalMetric{"P@100", precision<100>, float_two_decimal_percent},
    EvalMetric{"P@200", precision<200>, float_two_decimal_percent},
    EvalMetric{"P@100 capped", capped_precision<100>},
    EvalMetric{"P@200 capped", capped_precision<200>},
    EvalMetric{"mAP", average<plain>},
    EvalMetric{"mAP trapezoidal", average<trapezoidal>, two_decimal_percent},
    EvalMetric{"mAP voc", average<voc>},
    EvalMetric{"mAP@200", average_at<200, plain, min_k>},
    EvalMetric{"mAP@200 inside", average_at<200, plain, inside>},
    EvalMetric{"mAP@200 voc", average_at<200, voc, min_k>},
    EvalMetric{"mAP@200 trapezoidal inside",
               average_at<200, trapezoidal, inside>, two_decimal_percent}};

}  // namespace

EvalMetrics emoji_metrics() {
  return emoji_rows;
}

EvalMetrics one_answer_metrics() {
  return one_answer_rows;
}

EvalMetrics subset_metrics() {
  return subset_rows;
}

EvalMetrics truths_metrics() {
  return truths_rows;
}

EvalMetrics class_metrics() {
  return class_rows;
}

double mean_percent(std::span<const double> values) {
  double sum = 0;
  std::size_t count = 0;
  for (const auto value : values) {
    if (std::isnan(value)) continue;
    sum += value;
    ++count;
  }
  return count == 0 ? 0 : 100 * sum / static_cast<double>(count);
}

double printed_percent(const EvalMetric& metric,
                       std::span<const double> values) {
  if (metric.printed == nullptr || values.empty()) return mean_percent(values);
  return metric.printed(values);
}

double float_percent(std::span<const double> values) {
  const auto sum = std::accumulate(values.begin(), values.end(), 0.0);
  const float mean =
      static_cast<float>(sum) / static_cast<float>(values.size());
  return double{mean} * 100;
}

double two_decimal_percent(std::span<const double> values) {
  const auto sum = std::accumulate(values.begin(), values.end(), 0.0);
  return two_decimals(sum / static_cast<double>(values.size()) * 100);
}

double float_two_decimal_percent(std::span<const double> values) {
  float sum = 0;
  for (const auto value : values) sum += static_cast<float>(value);
  const float percent = sum / static_cast<float>(values.size()) * 100;
  return double{std::nearbyint(percent * 100) / 100};
}

}  // namespace igrot

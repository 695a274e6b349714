#include "metrics/every_metric.h"

#include <fmt/format.h>

#include <algorithm>

#include "metrics/average_precision.h"
#include "metrics/precision.h"
#include "metrics/recall.h"

namespace igrot {
namespace {

struct CutMetric {
  std::string_view family;
  double (*value)(RowLists ranks, std::size_t k, Rounding rounding);
};

struct WholeMetric {
  std::string_view family;
  AveragePrecision definition;
};

double rounded(double value, Rounding rounding) {
  return rounding == Rounding::sbir ? two_decimals(value) : value;
}

double recall_of(RowLists ranks, std::size_t k, Rounding rounding) {
  return recall_at(first_ranks(ranks), k, rounding);
}

double capped_of(RowLists ranks, std::size_t k, Rounding rounding) {
  return rounded(capped_precision_at(ranks, k), rounding);
}

template <AveragePrecision definition, CutDenominator denominator>
double average_of(RowLists ranks, std::size_t k, Rounding rounding) {
  return rounded(mean_average_precision_at(ranks, k, definition, denominator),
                 rounding);
}

using enum AveragePrecision;
using enum CutDenominator;

constexpr std::array cut_metrics{
    CutMetric{"R", recall_of},
    CutMetric{"P", precision_at},
    CutMetric{"P capped", capped_of},
    CutMetric{"mAP", average_of<plain, min_k>},
    CutMetric{"mAP trapezoidal", average_of<trapezoidal, min_k>},
    CutMetric{"mAP voc", average_of<voc, min_k>},
    CutMetric{"mAP inside", average_of<plain, inside>},
    CutMetric{"mAP trapezoidal inside", average_of<trapezoidal, inside>},
    CutMetric{"mAP voc inside", average_of<voc, inside>}};

constexpr std::array whole_metrics{WholeMetric{"mAP", plain},
                                   WholeMetric{"mAP trapezoidal", trapezoidal},
                                   WholeMetric{"mAP voc", voc}};

}  // namespace

std::string MetricValue::name() const {
  if (cut == 0) return family;
  const auto word = std::min(family.find(' '), family.size());
  return fmt::format("{}@{}{}", family.substr(0, word), cut,
                     family.substr(word));
}

std::vector<MetricValue> every_metric(RowLists ranks,
                                      const MetricOptions& options) {
  std::vector<MetricValue> values;
  for (const auto& metric : cut_metrics)
    for (const auto k : options.cuts)
      values.push_back({std::string(metric.family), k,
                        metric.value(ranks, k, options.rounding)});
  for (const auto& metric : whole_metrics)
    values.push_back({std::string(metric.family), 0,
                      rounded(mean_average_precision(ranks, metric.definition),
                              options.rounding)});
  return values;
}

}  // namespace igrot

#include "models/fusions.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "igrot/retriever.h"

namespace igrot {
namespace {

float length(std::span<const float> row) {
  return std::sqrt(
      std::inner_product(row.begin(), row.end(), row.begin(), 0.0F));
}

/// target += factor * row
void add_scaled(std::span<float> target, std::span<const float> row,
                float factor) {
  for (std::size_t j = 0; j < row.size(); ++j) target[j] += factor * row[j];
}

Tensor unit(Tensor rows) {
  normalize_rows(rows);
  return rows;
}

Tensor zeros_like_row(const Tensor& rows) {
  return Tensor({1, rows.shape().back()});
}

}  // namespace

void normalize_rows(Tensor& rows) {
  const auto columns = rows.matrix().columns;
  for (std::size_t i = 0; i < rows.matrix().rows; ++i) {
    const auto row = rows.values().subspan(i * columns, columns);
    const float norm = std::max(length(row), 1e-12F);
    for (auto& value : row) value /= norm;
  }
}

Tensor blend_pictures(const Tensor& features, std::span<const float> weights) {
  const auto rows = features.matrix();
  assert(rows.rows == weights.size() && rows.rows > 0);
  if (rows.rows == 1) return features;
  auto blend = zeros_like_row(features);
  float mean_length = 0;
  for (std::size_t i = 0; i < rows.rows; ++i) {
    const float norm = std::max(length(rows.row(i)), 1e-12F);
    add_scaled(blend.values(), rows.row(i), weights[i] / norm);
    mean_length += norm / static_cast<float>(rows.rows);
  }
  normalize_rows(blend);
  for (auto& value : blend.values()) value *= mean_length;
  return blend;
}

Tensor fuse_features(Fusion fusion, const Tensor& image, const Tensor& text,
                     float weight) {
  switch (fusion) {
    case Fusion::image:
      return unit(image);
    case Fusion::text:
      return unit(text);
    case Fusion::sum: {
      auto sum = image;
      add_scaled(sum.values(), text.values(), 1);
      return unit(std::move(sum));
    }
    case Fusion::weighted: {
      auto sum = zeros_like_row(image);
      add_scaled(sum.values(), unit(image).values(), weight);
      add_scaled(sum.values(), unit(text).values(), 1 - weight);
      return unit(std::move(sum));
    }
    case Fusion::transagg:
      break;
  }
  assert(false && "TransAgg is not a fusion of features");
  return {};
}

Tensor subtract_negatives(Tensor query, std::span<const Tensor> negatives,
                          float weight) {
  bool any = false;
  for (const auto& part : negatives) {
    if (part.size() == 0) continue;
    any = true;
    const auto vectors = unit(part);
    for (std::size_t i = 0; i < vectors.matrix().rows; ++i)
      add_scaled(query.values(), vectors.matrix().row(i), -weight);
  }
  return any ? unit(std::move(query)) : query;
}

}  // namespace igrot

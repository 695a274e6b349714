// Query vectors without a trained fusion, for plain CLIP and for comparison.
// Source: method.md 10.
#pragma once

#include <span>

#include "igrot/settings.h"
#include "igrot/tensor.h"

namespace igrot {

/// One feature for several pictures: it points where the weighted sum of their
/// unit vectors points and is as long as they are on average, so that one
/// picture stands for itself. features: [n, d], raw; one weight each.
Tensor blend_pictures(const Tensor& features, std::span<const float> weights);

/// The unit vector [1, d] of `sum`, `weighted`, `image` or `text`. image, text:
/// raw features [1, d]; the one a fusion does not read may be empty. weight:
/// the picture's share of `weighted`.
Tensor fuse_features(Fusion fusion, const Tensor& image, const Tensor& text,
                     float weight);

/// normalize(query - weight * v), v the sum of the unit vectors of all rows of
/// `negatives`; the query as it is without any.
Tensor subtract_negatives(Tensor query, std::span<const Tensor> negatives,
                          float weight);

}  // namespace igrot

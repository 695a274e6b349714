// Learned positions of an image tower over another grid of patches.
// Source: method.md 2 (BLIP details).
#pragma once

#include <cstddef>

#include "igrot/tensor.h"

namespace igrot {

/// Patches one way where so many rows are one for the class token and then a
/// square; else 0.
std::size_t grid_of(std::size_t rows);

/// Positions [1, rows, width] for `rows`, both counts as above: the first
/// stays, the grid is resized by PyTorch's bicubic interpolation (a = -0.75,
/// corners not aligned, borders repeated).
Tensor interpolate_positions(Tensor positions, std::size_t rows);

}  // namespace igrot

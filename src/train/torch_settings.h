// A run's settings as the engine and the optimiser take them.
#pragma once

#include "train/adamw.h"
#include "train/config.h"

namespace igrot {

/// Throws Error: unsupported (a device this libtorch or machine lacks, f16
/// without CUDA).
at::Device chosen_device(const TrainSection& train);

/// Without dropout, which is of a step.
TorchOptions torch_options(const TrainSection& train, at::Device device);

AdamWOptions adamw_options(const TrainSection& train);

}  // namespace igrot

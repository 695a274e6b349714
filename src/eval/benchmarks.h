// What `igrot eval` can be asked for, a row each.
#pragma once

#include <span>

#include "eval/task.h"
#include "igrot/settings.h"

namespace igrot {

struct Benchmark {
  std::string_view name;  ///< "emoji-cir"
  std::string_view what;  ///< one line for people
  /// Files below the root that say what is asked, one or two.
  std::span<const std::string_view> lists;
  /// The words of every question; empty: each has its own.
  std::string_view prompt;
  /// How a model without a trained fusion is asked.
  Fusion untrained;
  std::vector<EvalTask> (*read)(const std::filesystem::path& root);
};

std::span<const Benchmark> benchmarks();

/// Throws Error: usage (no such name; it lists the known ones).
const Benchmark& find_benchmark(std::string_view name);

}  // namespace igrot

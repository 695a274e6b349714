// A benchmark as a caller wants it: of the table or described by a TOML file,
// asked as the reference program does or otherwise.
#pragma once

#include <memory>

#include "eval/protocol.h"

namespace igrot {

struct AskedBenchmark {
  Benchmark row;
  /// Where the lists lie if the caller does not say; empty: not known.
  std::filesystem::path root;
  /// What `row` points into where a file describes it.
  std::shared_ptr<const DescribedSet> described;
};

/// Whether the name is that of a file that describes a set: FILE.toml.
bool is_description(std::string_view name);

/// name: of a row of `benchmarks`, or FILE.toml. Throws Error: usage (no such
/// benchmark, no such choice, a fault in the file), not_found, io.
AskedBenchmark ask_benchmark(const std::string& name,
                             const ProtocolChoice& choice = {});

}  // namespace igrot

// What papers do differently on one benchmark: named settings, which default to
// the reference program's way. Sources: method.md 8 and 9; docs/evaluation.md.
#pragma once

#include <map>

#include "eval/benchmarks.h"

namespace igrot {

/// One way, a row.
struct Alternative {
  std::string_view option;  ///< "caption-join"
  std::string_view name;    ///< "reversed"
  std::string_view what;    ///< a few words for people
  /// Where there is the choice.
  std::span<const std::string_view> benchmarks;
  void (*apply)(Benchmark& benchmark);
};

/// Of an option's rows for a benchmark the first is the reference program's.
std::span<const Alternative> alternatives();

/// The names of the options, each once.
std::vector<std::string_view> protocol_options();

/// "fashioniq: and (...), reversed (...); ..." of one option.
std::string describe_option(std::string_view option);

/// What a caller wants otherwise than the reference program.
struct ProtocolChoice {
  /// By option the name of a row; an empty one counts as none.
  std::map<std::string, std::string, std::less<>> names = {};
  std::optional<float> union_share = {};  ///< `Benchmark::union_share`
};

/// Throws Error: usage (an option the benchmark has no choice of, a name that
/// is none of its rows, a share that is no number from 0 on).
void apply_protocol(Benchmark& benchmark, const ProtocolChoice& choice);

/// The names in force, by option, of what the benchmark has a choice of.
std::map<std::string_view, std::string_view> protocol_names(
    const Benchmark& benchmark, const ProtocolChoice& choice);

}  // namespace igrot

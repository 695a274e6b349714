// Everything that the numbers of an evaluation depend on.
#pragma once

#include "eval/asked_benchmark.h"
#include "output.h"

namespace igrot::app {

/// What was asked for on the command line.
struct EvalRequest {
  std::filesystem::path root;  ///< empty: beside the file that describes a set
  TaskChoice choice;
  ProtocolChoice protocol;
};

/// The request with a root. Throws Error: usage (none is known).
EvalRequest with_root(EvalRequest request, const AskedBenchmark& asked);

/// Throws Error: usage (a share of U is asked for that the model cannot give).
void check_union_share(const ProtocolChoice& protocol, const Retriever& model);

/// `settings` of result.json. Reads the lists of the tasks to hash them.
Json eval_settings(const EvalRequest& request, const Benchmark& benchmark,
                   const Retriever& model, const EvalOptions& how,
                   const Evaluation& found);

/// The same as lines for people: name and value.
std::vector<std::pair<std::string, std::string>> setting_lines(
    const Json& settings);

}  // namespace igrot::app

// Everything that the numbers of an evaluation depend on.
#pragma once

#include "eval/benchmarks.h"
#include "output.h"

namespace igrot::app {

/// What was asked for on the command line.
struct EvalRequest {
  std::filesystem::path root;
  TaskChoice choice;
};

/// `settings` of result.json. Reads the lists of the tasks to hash them.
Json eval_settings(const EvalRequest& request, const Benchmark& benchmark,
                   const Retriever& model, const EvalOptions& how,
                   const Evaluation& found);

/// The same as lines for people: name and value.
std::vector<std::pair<std::string, std::string>> setting_lines(
    const Json& settings);

}  // namespace igrot::app

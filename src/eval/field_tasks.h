// The protocols of the field's benchmarks: data sets as tasks.
// Source: method.md 8; docs/evaluation.md.
#pragma once

#include "data/retrieval_set.h"
#include "eval/task.h"

namespace igrot {

struct Benchmark;

/// The words of a question by the benchmark's prompt; of `Words::both` in the
/// order of the list.
std::string question_text(const Benchmark& benchmark,
                          std::span<const std::string> words);

/// The set as it is asked. A task is called as its part, else as its split.
EvalTask field_task(const Benchmark& benchmark, RetrievalSet set);

}  // namespace igrot

// The table of runs, for people, pages and programs.
#pragma once

#include "reproduce_run.h"

namespace igrot::app {

/// Columns, and below them how what is missing is had.
std::string reproduce_text(const ReproducePlan& plan);

/// A table of Markdown.
std::string reproduce_markdown(const ReproducePlan& plan);

/// [{"row", "table", "method", "backbone", "benchmark", "split", "state",
/// "reason", "weights", "data", "result", "figures": [{"name", "published",
/// "ours", "difference"}]}], null where there is nothing.
Json reproduce_json(const ReproducePlan& plan);

}  // namespace igrot::app

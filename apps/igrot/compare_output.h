// What `igrot compare` tells.
#pragma once

#include "compare_files.h"
#include "session.h"

namespace igrot::app {

struct CompareRequest {
  ComparisonOptions how;
  std::filesystem::path page;  ///< empty: none
  std::filesystem::path root;  ///< of the pictures; empty: as A names it
};

struct CompareOutcome {
  Json document;
  std::string text;
  std::string markdown;
  std::string csv;
};

/// Compares, and writes the page that is asked for. Throws Error: as
/// `compare_runs`; usage (other benchmarks), io.
CompareOutcome compare_folders(const EvalFolder& a, const EvalFolder& b,
                               const CompareRequest& request,
                               const Session& session);

}  // namespace igrot::app

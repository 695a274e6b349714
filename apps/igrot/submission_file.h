// The JSON of a submission, taken apart without trusting it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "submission_faults.h"

namespace igrot::app {

/// One member of the file's object.
struct SubmissionEntry {
  std::string key;
  nlohmann::json value;
};

struct SubmissionFile {
  std::uint64_t size_bytes = 0;
  std::vector<SubmissionEntry> entries;  ///< in their order; a key comes once
};

/// Reads a file; what keeps it from being an object of JSON is a finding, and
/// then there are no entries. Throws Error: not_found, unsupported (not a
/// regular file), io.
SubmissionFile read_submission_file(const std::filesystem::path& path,
                                    Findings& findings);

}  // namespace igrot::app

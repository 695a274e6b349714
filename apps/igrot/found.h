// What a question found: as a table, as JSON, as bare paths, as part of a
// report.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "igrot/settings.h"
#include "output.h"
#include "question.h"
#include "report.h"
#include "terminal.h"

namespace igrot::app {

struct FoundPicture {
  std::size_t rank = 0;  ///< from 1
  std::int64_t id = 0;
  std::filesystem::path path;
  float score = 0;
  std::string remark = {};  ///< for people, or empty
};

struct Found {
  Question question;  ///< with the words that were used
  Fusion fusion = Fusion::text;
  std::vector<FoundPicture> pictures;
  double ms = 0;
};

/// Paths below `folder` are shown relative to it.
std::string shown_path(const std::filesystem::path& path,
                       const std::filesystem::path& folder);

/// A line "rank score path" each, and the remark behind it.
void print_table(const Found& found, const std::filesystem::path& folder,
                 const Terminal& terminal);

/// Bare paths; `null`: raw bytes ended by NUL instead of escaped lines.
void print_paths(const Found& found, bool null);

/// {"pictures", "sketch", "text", "not", "fusion"}.
Json question_json(const Found& found);

/// [{"rank", "id", "path", "score"}].
Json hits_json(const Found& found);

/// The section of a report, with small copies of all its pictures. Paths below
/// `folder` are shown relative to it.
ReportQuestion report_section(const Found& found, std::string title,
                              const std::filesystem::path& folder);

/// The title a question gives a report.
std::string title_of(const Question& question);

/// "2026-01-31 18:05", local time.
std::string date_now();

}  // namespace igrot::app

// One page that shows what an evaluation came to: its tables, and questions
// with what was found.
#pragma once

#include "eval/tables.h"

namespace igrot {

struct EvalReport {
  std::string title;
  std::vector<EvalTable> tables;
  std::vector<std::pair<std::string, std::string>> facts;  ///< settings
  Preprocess preprocess;  ///< how pictures were cut; the page's are smaller
  PictureRecipe recipe;
  Runtime runtime;             ///< whose threads read pictures
  std::size_t questions = 24;  ///< of each ranking, evenly spread
  std::size_t hits = 8;        ///< of each question
};

/// Writes one HTML file that needs nothing else. Of each ranking it shows
/// questions spread over the list, those whose right answer comes latest first,
/// with their first hits, the right ones framed. Throws Error: io.
void write_report_page(const std::filesystem::path& page,
                       const EvalReport& report, const Evaluation& evaluation);

}  // namespace igrot

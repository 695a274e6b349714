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
  std::size_t questions = 24;  ///< of each ranking, as `shown_questions`
  std::size_t hits = 10;       ///< of each question
};

/// Which questions of a ranking a page shows: at most `count`, half of them
/// misses (the first right answer is not among the first `hits`), each half
/// evenly spread from the worst on; what one half lacks the other fills.
struct ShownQuestions {
  std::vector<std::size_t> questions;  ///< the worst first
  std::size_t misses = 0;              ///< how many of them are misses
  std::size_t all_misses = 0;          ///< of the ranking
};
ShownQuestions shown_questions(const EvalTask& task, const EvalRanking& ranking,
                               std::size_t count, std::size_t hits);

/// Writes one HTML file that needs nothing else and works without its script,
/// which filters and orders. Of each ranking it has the ranks of all questions,
/// and some questions with their first hits, the right ones framed; the right
/// answer that comes first stands behind them where it is not one of them.
/// Throws Error: io.
void write_report_page(const std::filesystem::path& page,
                       const EvalReport& report, const Evaluation& evaluation);

}  // namespace igrot

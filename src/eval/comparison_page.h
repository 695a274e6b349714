// A page about two evaluations: which is better by how much, and the questions
// that tell them apart.
#pragma once

#include <array>

#include "eval/question_log.h"
#include "eval/tables.h"

namespace igrot {

/// A question as both runs have it.
struct ChangedCard {
  LoggedQuestion a;
  LoggedQuestion b;
  double difference = 0;  ///< of the metric, b - a, 0 to 1
};

struct ComparisonReport {
  std::string title;
  std::string metric;  ///< by which wins and losses are ordered
  EvalTable table;     ///< `comparison_table`
  std::vector<std::string> notes;
  std::vector<ChangedCard> wins;
  std::vector<ChangedCard> losses;
  /// Settings that differ: name, in A, in B.
  std::vector<std::array<std::string, 3>> settings;
  std::filesystem::path root;  ///< where relative pictures are
  Runtime runtime;             ///< whose threads read pictures
};

/// Writes one HTML file that needs nothing else. Pictures that cannot be read
/// stay blank. Throws Error: io.
void write_comparison_page(const std::filesystem::path& page,
                           const ComparisonReport& report);

}  // namespace igrot

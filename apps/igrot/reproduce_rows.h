// The two tables that the UNION paper's README publishes, row for row, with
// what igrot needs to run a row; and plain CLIP as rows of its own.
//
// Figures: README.md of baohl00/UNION_for_IGROT.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace igrot::app {

/// One column of a table.
struct PublishedColumn {
  std::string_view benchmark;  ///< as `igrot eval` names it
  std::string_view split;      ///< whose figure is set beside the published one
  std::string_view figure;     ///< a column of the benchmark's own table
};

struct PublishedTable {
  std::string_view name;  ///< "cir"
  std::string_view what;
  std::array<PublishedColumn, 6> columns;  ///< two of each benchmark
};

/// Where weights may lie: below the folder of weights by one of these names,
/// or where `igrot model fetch` put them.
struct ReproduceWeights {
  std::string_view name;  ///< the file's, without ending
  /// What the reference's scripts or its publisher call it; empty: not known.
  std::string_view other_name;
  std::string_view known_model;  ///< of `igrot model list`; empty: none
  std::string_view how;          ///< how one gets it
};

/// One row of a table.
struct PublishedMethod {
  const PublishedTable* table;
  std::string_view method;    ///< as published
  std::string_view backbone;  ///< likewise
  /// In the order of the columns; nothing where none is published.
  std::array<std::optional<double>, 6> figures;
  const ReproduceWeights* weights = nullptr;  ///< null: igrot does not run it
  std::string_view asked{};                   ///< a method of `igrot eval`
};

/// In the order in which they are shown.
std::span<const PublishedMethod> published_methods();

/// Names that the folder of a benchmark may have, in small letters.
std::span<const std::string_view> folder_names(std::string_view benchmark);

}  // namespace igrot::app

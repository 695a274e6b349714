// CIRCO's semantic aspects: what the words of a question are about.
// Source: the data set's evaluation program (miccunifi/CIRCO).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "metrics/relevant_ranks.h"

namespace igrot {

/// As its annotations name them. A question may have several.
inline constexpr std::array<std::string_view, 9> circo_aspects{
    "cardinality",
    "addition",
    "negation",
    "direct_addressing",
    "compare_change",
    "comparative_statement",
    "statement_with_conjunction",
    "spatial_relations_background",
    "viewpoint"};

/// The cut of CIRCO's mAP by aspect.
inline constexpr std::size_t circo_aspect_cut = 10;

/// mAP@10 (plain, `CutDenominator::min_k`), in percent, of the queries that
/// have each of `circo_aspects`; nothing where none has. ranks, aspects: a list
/// for each query; other names are passed over. Throws Error: usage (counts).
std::array<std::optional<double>, circo_aspects.size()> circo_aspect_means(
    RowLists ranks, std::span<const std::vector<std::string>> aspects);

}  // namespace igrot

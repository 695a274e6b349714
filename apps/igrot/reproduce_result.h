// What an evaluation left behind: whether it still holds, and its figures.
#pragma once

#include <filesystem>
#include <optional>

#include "output.h"
#include "reproduce_rows.h"

namespace igrot::app {

/// What result.json in that folder holds; null where there is none, or
/// something else.
Json read_result(const std::filesystem::path& folder);

/// Whether a result is of this igrot, benchmark, limit and of the lists below
/// `root`, by their SHA-256. Throws Error: not_found, io; Json::exception where
/// it lacks what every result has.
bool is_of(const Json& result, std::string_view benchmark,
           const std::filesystem::path& root, std::size_t limit);

/// A figure of a result: the mean over the tasks of that split, percent.
std::optional<double> figure_in(const Json& result,
                                const PublishedColumn& column,
                                std::string_view asked);

}  // namespace igrot::app

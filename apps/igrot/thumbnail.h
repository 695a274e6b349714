// Small copies of pictures for the report.
#pragma once

#include <filesystem>
#include <string>

#include "report.h"

namespace igrot::app {

/// The picture at most `side` pixels one way, as a person sees it, with a link
/// to the original. What cannot be read keeps an empty source.
ReportPicture thumbnail(const std::filesystem::path& path, std::string caption,
                        std::size_t side = 360);

}  // namespace igrot::app

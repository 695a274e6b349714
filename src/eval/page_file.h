// Pages about evaluations as files.
#pragma once

#include <filesystem>
#include <string_view>

namespace igrot {

/// A page that runs `page_script_text`. style, body: CSS and the content of
/// <main>. Throws Error: io.
void write_page(const std::filesystem::path& page, std::string_view title,
                std::string_view style, std::string_view body);

}  // namespace igrot

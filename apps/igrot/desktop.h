// Showing a file with whatever the desktop opens it with.
#pragma once

#include <filesystem>

namespace igrot::app {

/// Runs xdg-open on an absolute path without a shell and does not wait for what
/// it starts. Throws Error: unsupported (no xdg-open), io.
void open_on_desktop(const std::filesystem::path& path);

}  // namespace igrot::app

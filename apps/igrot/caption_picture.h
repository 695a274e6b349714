// A picture file as a server of a language model gets it.
#pragma once

#include <filesystem>
#include <string>

namespace igrot::app {

/// A data: address. The file's own bytes where it is a JPEG, PNG or WebP of at
/// most 8 MiB that is no longer than `longest_side` pixels, either way; else a
/// JPEG of it, turned as its camera noted, laid on white, made smaller. Either
/// way it was decoded before: damaged pictures are not sent. Throws Error:
/// not_found, corrupt, unsupported, io.
std::string caption_picture(const std::filesystem::path& file,
                            std::size_t longest_side);

}  // namespace igrot::app

// Which files of a folder are meant as pictures.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace igrot::app {

/// How many bytes of a file's start `looks_like_picture` wants to see.
inline constexpr std::size_t signature_bytes = 64;

/// True when the content starts like a picture, of a format that igrot reads or
/// of one it does not, or when the name ends like a picture's. What then cannot
/// be read is reported; everything else is passed over in silence.
bool looks_like_picture(const std::filesystem::path& name,
                        std::span<const std::byte> start);

/// The same, reading the start of the file. False for what is no regular file
/// or cannot be opened, unless its name ends like a picture's.
bool is_meant_as_picture(const std::filesystem::path& file);

/// Whether the content alone starts like a picture.
bool starts_like_picture(std::span<const std::byte> start);

}  // namespace igrot::app

// Signatures from the formats' own specifications.
#include "picture_signature.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/bytes.h"

namespace igrot::app {
namespace {

using namespace std::string_view_literals;

/// `magic` at `offset`, and where `then` is not empty, `then` at `then_offset`.
struct Signature {
  std::size_t offset;
  std::string_view magic;
  std::size_t then_offset = 0;
  std::string_view then = {};
};

constexpr std::array signatures{
    Signature{0, "\xff\xd8\xff"},
    Signature{0, "\x89PNG\r\n\x1a\n"},
    Signature{0, "GIF87a"},
    Signature{0, "GIF89a"},
    Signature{0, "RIFF", 8, "WEBP"},
    Signature{0, "II*\0"sv},
    Signature{0, "MM\0*"sv},
    Signature{0, "II+\0"sv},
    Signature{0, "MM\0+"sv},
    // The size of the header that follows tells a BMP from a text on BMWs.
    Signature{0, "BM", 14, "\x0c\0\0\0"sv},
    Signature{0, "BM", 14, "\x28\0\0\0"sv},
    Signature{0, "BM", 14, "\x34\0\0\0"sv},
    Signature{0, "BM", 14, "\x38\0\0\0"sv},
    Signature{0, "BM", 14, "\x40\0\0\0"sv},
    Signature{0, "BM", 14, "\x6c\0\0\0"sv},
    Signature{0, "BM", 14, "\x7c\0\0\0"sv},
    Signature{4, "ftypheic"},
    Signature{4, "ftypheix"},
    Signature{4, "ftypmif1"},
    Signature{4, "ftypavif"},
    Signature{4, "ftypcrx "},
    Signature{0, "FUJIFILMCCD-RAW"},
    Signature{0, "IIU\0"sv},
    Signature{0, "\xff\x0a"},
    Signature{0, "\0\0\0\x0cJXL \r\n\x87\n"sv},
    Signature{0, "\0\0\0\x0cjP  \r\n\x87\n"sv},
    Signature{0, "8BPS"},
};

constexpr auto endings = std::to_array<std::string_view>({
    ".jpg",  ".jpeg", ".jpe",  ".jfif", ".png", ".apng", ".gif", ".webp",
    ".bmp",  ".dib",  ".tif",  ".tiff", ".ppm", ".pgm",  ".pbm", ".pnm",
    ".heic", ".heif", ".avif", ".jxl",  ".jp2", ".j2k",  ".psd", ".dng",
    ".cr2",  ".cr3",  ".crw",  ".nef",  ".nrw", ".arw",  ".pef", ".srw",
    ".orf",  ".rw2",  ".raf",  ".mrw",  ".x3f", ".3fr",
});

bool has(std::string_view text, std::size_t offset, std::string_view part) {
  return text.size() >= offset && text.substr(offset).starts_with(part);
}

bool starts_like_pnm(std::string_view text) {
  return text.size() > 3 && text[0] == 'P' && text[1] >= '1' &&
         text[1] <= '6' && "\n\r\t "sv.find(text[2]) != text.npos &&
         "#0123456789"sv.find(text[3]) != text.npos;
}

std::string lower(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

}  // namespace

bool starts_like_picture(std::span<const std::byte> start) {
  const auto text = as_text(start);
  const auto matches = [&](const Signature& row) {
    return has(text, row.offset, row.magic) &&
           has(text, row.then_offset, row.then);
  };
  return starts_like_pnm(text) || std::ranges::any_of(signatures, matches);
}

bool looks_like_picture(const std::filesystem::path& name,
                        std::span<const std::byte> start) {
  return starts_like_picture(start) ||
         std::ranges::find(endings, lower(name.extension().string())) !=
             endings.end();
}

bool is_meant_as_picture(const std::filesystem::path& file) {
  std::array<std::byte, signature_bytes> start{};
  std::size_t size = 0;
  // O_NONBLOCK: a pipe must not hold us up before it is known to be one.
  const int descriptor =
      ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor >= 0) {
    struct stat status {};
    const bool regular =
        ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    const auto got =
        regular ? ::read(descriptor, start.data(), start.size()) : 0;
    size = got > 0 ? static_cast<std::size_t>(got) : 0;
    ::close(descriptor);
    if (!regular) return false;
  }
  return looks_like_picture(file, std::span(start).first(size));
}

}  // namespace igrot::app

#include "caption_picture.h"

#include <algorithm>
#include <array>

#include "base/fail.h"
#include "base/file.h"
#include "base/html.h"
#include "igrot/image.h"

namespace igrot::app {
namespace {

constexpr std::size_t own_limit_bytes = std::size_t{8} << 20;
constexpr int jpeg_quality = 92;

/// What every server reads, a row each.
struct SentFormat {
  std::string_view format;  ///< by PIL's name
  std::string_view media_type;
};

constexpr std::array sent_formats{SentFormat{"JPEG", "image/jpeg"},
                                  SentFormat{"PNG", "image/png"},
                                  SentFormat{"WEBP", "image/webp"}};

constexpr std::array sent_modes{Mode::l, Mode::p, Mode::rgb, Mode::rgba};

/// The media type under which the bytes may go as they are, or nothing.
std::string_view own_type(const Image& image, std::size_t size_bytes,
                          std::size_t longest_side) {
  const auto row =
      std::ranges::find(sent_formats, image.format(), &SentFormat::format);
  const bool fits = std::max(image.width(), image.height()) <= longest_side &&
                    size_bytes <= own_limit_bytes;
  const bool usual =
      std::ranges::find(sent_modes, image.mode()) != sent_modes.end();
  return row != sent_formats.end() && fits && usual ? row->media_type : "";
}

Image made_smaller(const Image& image, std::size_t longest_side) {
  const auto longest = std::max(image.width(), image.height());
  if (longest <= longest_side) return image;
  const auto scaled = [&](std::size_t side) {
    return std::max<std::size_t>((side * longest_side + longest / 2) / longest,
                                 1);
  };
  return resize(image, scaled(image.width()), scaled(image.height()));
}

}  // namespace

std::string caption_picture(const std::filesystem::path& file,
                            std::size_t longest_side) {
  const OpenOptions open{.exif = Exif::rotate};
  const auto bytes = read_file(file, open.file_limit_bytes);
  return at(file.string(), [&] {
    const auto image = Image::decode(bytes, open);
    if (const auto type = own_type(image, bytes.size(), longest_side);
        !type.empty())
      return data_uri(type, as_text(bytes));
    const auto sent = encode_jpeg(
        made_smaller(image.to_rgb(Alpha::white), longest_side), jpeg_quality);
    return data_uri("image/jpeg", as_text(sent));
  });
}

}  // namespace igrot::app

#include "igrot/image.h"

#include <algorithm>

#include "base/file.h"
#include "image/convert.h"
#include "image/decoder.h"
#include "image/exif.h"
#include "image/icc.h"
#include "image/optional_formats.h"

namespace igrot {
namespace {

/// The decoder, if the build found its library.
constexpr auto if_built(bool is_built, decltype(Decoder::decode) decode) {
  return is_built ? decode : nullptr;
}

// In PIL's order, so that the first that accepts is the one PIL would take.
// Camera RAW, which PIL does not know, is often a TIFF as well.
constexpr std::array decoders{
    Decoder{"BMP", is_bmp, decode_bmp},
    Decoder{"DIB", is_dib, decode_dib},
    Decoder{"GIF", is_gif, decode_gif},
    Decoder{"JPEG", is_jpeg, decode_jpeg},
    Decoder{"PPM", is_pnm, decode_pnm},
    Decoder{"PNG", is_png, decode_png},
    Decoder{"RAW", is_raw, decode_raw},
    Decoder{"TIFF", is_tiff, decode_tiff},
    Decoder{"WEBP", is_webp, decode_webp},
    Decoder{"AVIF", is_avif, if_built(IGROT_HAS_HEIF, decode_avif)},
    Decoder{"HEIF", is_heif, if_built(IGROT_HAS_HEIF, decode_heif)},
    Decoder{"JXL", is_jxl, if_built(IGROT_HAS_JXL, decode_jxl)},
};

bool is_built(const Decoder& decoder) {
  return decoder.decode != nullptr;
}

Decoded decode_by_content(Bytes file, const OpenOptions& options) {
  std::string_view not_built;
  for (const auto& decoder : decoders) {
    if (!decoder.accepts(file)) continue;
    if (!is_built(decoder)) {
      if (not_built.empty()) not_built = decoder.format;
      continue;
    }
    auto decoded =
        at(decoder.format, [&] { return decoder.decode(file, options); });
    if (decoded.parts.format.empty()) decoded.parts.format = decoder.format;
    return decoded;
  }
  if (!not_built.empty())
    fail(ErrorKind::unsupported,
         "{}: this build of igrot has no decoder for it (docs/images.md)",
         not_built);
  fail(ErrorKind::unsupported, "{}",
       file.empty() ? "the file is empty" : "not a picture format igrot reads");
}

}  // namespace

std::span<const std::string_view> picture_formats() {
  static const auto names = [] {
    std::vector<std::string_view> built;
    for (const auto& decoder : decoders)
      if (is_built(decoder)) built.push_back(decoder.format);
    return built;
  }();
  return names;
}

Palette::Palette() {
  for (std::size_t i = 0; i < colors.size(); ++i)
    colors[i].fill(static_cast<std::uint8_t>(i));
  alphas.fill(255);
}

Image::Image(ImageParts parts) : parts_(std::move(parts)) {
  const bool indexed = parts_.mode == Mode::p || parts_.mode == Mode::pa;
  if (indexed && !parts_.palette) parts_.palette.emplace();
  const auto size = checked_product(row_bytes(parts_.mode, parts_.width),
                                    parts_.height, "picture");
  if (parts_.width == 0 || parts_.height == 0 || parts_.pixels.size() != size)
    fail(ErrorKind::usage, "{} bytes do not fill a picture of {} x {}, mode {}",
         parts_.pixels.size(), parts_.width, parts_.height,
         describe(parts_.mode).name);
}

Image Image::open(const std::filesystem::path& path,
                  const OpenOptions& options) {
  // Read, not mapped: a mapping faults when somebody cuts the file meanwhile.
  const auto content = read_file(path, options.file_limit_bytes);
  return at(path.string(), [&] { return decode(content, options); });
}

Image Image::decode(std::span<const std::byte> bytes,
                    const OpenOptions& options) {
  auto decoded = decode_by_content(bytes, options);
  if (!decoded.profile.empty())
    decoded.parts = in_srgb(std::move(decoded.parts), decoded.profile);
  Image image(std::move(decoded.parts));
  if (options.exif == Exif::ignore || decoded.orientation == 1) return image;
  return turned(image, decoded.orientation);
}

std::span<const std::byte> Image::row(std::size_t y) const {
  const auto size = row_bytes(mode(), width());
  return pixels().subspan(y * size, size);
}

void check_size(std::uint64_t width, std::uint64_t height,
                const OpenOptions& options) {
  if (width == 0 || height == 0)
    fail(ErrorKind::corrupt, "the picture has no pixels: {} x {}", width,
         height);
  if (width > options.pixel_limit / height)
    fail(ErrorKind::unsupported, "{} x {} pixels, more than the limit of {}",
         width, height, options.pixel_limit);
}

void check_size(Mode mode, std::uint64_t width, std::uint64_t height,
                const OpenOptions& options) {
  check_size(width, height, options);
  const auto size = row_bytes(mode, static_cast<std::size_t>(width)) * height;
  if (size > options.pixel_bytes_limit)
    fail(ErrorKind::unsupported,
         "{} x {} pixels take {} bytes, more than the limit of {}", width,
         height, size, options.pixel_bytes_limit);
}

ImageParts blank(Mode mode, std::uint64_t width, std::uint64_t height) {
  ImageParts parts;
  parts.mode = mode;
  parts.width = static_cast<std::size_t>(width);
  parts.height = static_cast<std::size_t>(height);
  parts.pixels.resize(static_cast<std::size_t>(
      checked_product(row_bytes(mode, parts.width), height, "picture")));
  return parts;
}

}  // namespace igrot

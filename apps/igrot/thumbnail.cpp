#include "thumbnail.h"

#include <algorithm>

#include "base/bytes.h"
#include "igrot/error.h"
#include "igrot/image.h"

namespace igrot::app {
namespace {

constexpr int jpeg_quality = 85;

// Line drawings and icons stay sharp and small as PNG; photographs do not.
constexpr std::size_t png_limit_bytes = 48 * 1024;

std::size_t scaled(std::size_t length, std::size_t side, std::size_t longer) {
  return std::max<std::size_t>(1, (length * side + longer / 2) / longer);
}

Image shrunk(const Image& image, std::size_t side) {
  const auto longer = std::max(image.width(), image.height());
  if (longer <= side) return image;
  return resize(image, scaled(image.width(), side, longer),
                scaled(image.height(), side, longer));
}

std::string source_of(const Image& small) {
  const auto png = encode_png(small);
  if (png.size() <= png_limit_bytes) return data_uri("image/png", as_text(png));
  return data_uri("image/jpeg", as_text(encode_jpeg(small, jpeg_quality)));
}

}  // namespace

ReportPicture thumbnail(const std::filesystem::path& path, std::string caption,
                        std::size_t side) {
  ReportPicture picture{
      .source = {}, .caption = std::move(caption), .link = {}};
  try {
    OpenOptions options;
    options.exif = Exif::rotate;
    const auto image = Image::open(path, options).to_rgb(Alpha::white);
    picture.source = source_of(shrunk(image, side));
    picture.link = file_address(std::filesystem::absolute(path).string());
  } catch (const Error&) {
    // The page says that the picture cannot be shown.
  }
  return picture;
}

}  // namespace igrot::app

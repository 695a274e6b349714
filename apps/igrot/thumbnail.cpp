#include "thumbnail.h"

#include <algorithm>

#include "igrot/error.h"
#include "igrot/image.h"
#include "image/picture_uri.h"

namespace igrot::app {
namespace {

std::size_t scaled(std::size_t length, std::size_t side, std::size_t longer) {
  return std::max<std::size_t>(1, (length * side + longer / 2) / longer);
}

Image shrunk(const Image& image, std::size_t side) {
  const auto longer = std::max(image.width(), image.height());
  if (longer <= side) return image;
  return resize(image, scaled(image.width(), side, longer),
                scaled(image.height(), side, longer));
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
    picture.source = picture_uri(shrunk(image, side));
    picture.link = file_address(std::filesystem::absolute(path).string());
  } catch (const Error&) {
    // The page says that the picture cannot be shown.
  }
  return picture;
}

}  // namespace igrot::app

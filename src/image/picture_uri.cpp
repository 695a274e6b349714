#include "image/picture_uri.h"

#include "base/bytes.h"
#include "base/html.h"

namespace igrot {
namespace {

constexpr int jpeg_quality = 85;
constexpr std::size_t png_limit_bytes = 48 * 1024;

}  // namespace

std::string picture_uri(const Image& picture) {
  const auto png = encode_png(picture);
  if (png.size() <= png_limit_bytes) return data_uri("image/png", as_text(png));
  return data_uri("image/jpeg", as_text(encode_jpeg(picture, jpeg_quality)));
}

}  // namespace igrot

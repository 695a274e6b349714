#include "eval/page_pictures.h"

#include <fmt/format.h>

#include "base/ahead.h"
#include "base/bytes.h"
#include "base/html.h"
#include "igrot/error.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

constexpr int jpeg_quality = 80;

/// PNG, or JPEG where that takes less than half: of photographs.
std::string small_uri(const Image& picture) {
  const auto png = encode_png(picture);
  const auto jpeg = encode_jpeg(picture, jpeg_quality);
  if (png.size() > 2 * jpeg.size())
    return data_uri("image/jpeg", as_text(jpeg));
  return data_uri("image/png", as_text(png));
}

}  // namespace

std::string short_name(const fs::path& file) {
  const auto folder = file.parent_path().filename().string();
  return (folder.empty() ? "" : folder + "/") + file.filename().string();
}

std::string PagePictures::class_of(const fs::path& file) {
  const auto [found, is_new] = numbers_.emplace(file, files_.size());
  if (is_new) files_.push_back(file);
  return fmt::format("p{}", found->second);
}

std::string PagePictures::style(
    std::size_t threads,
    const std::function<Image(const fs::path&)>& small) const {
  Ahead<std::string> ahead(
      files_.size(), threads, 2 * threads, [&](std::size_t i) {
        try {
          return fmt::format(".p{}{{background-image:url({})}}\n", i,
                             small_uri(small(files_[i])));
        } catch (const Error&) {
          return std::string();
        }
      });
  std::string rules;
  while (const auto rule = ahead.next()) rules += *rule;
  return rules;
}

}  // namespace igrot

// The pictures of a page, each once, however often it is shown: they are
// backgrounds of classes.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "igrot/image.h"

namespace igrot {

/// The longer side of a picture on the page, in pixels.
inline constexpr std::size_t page_picture_side = 72;

/// "noto/fox.png": what people tell a picture by.
std::string short_name(const std::filesystem::path& file);

class PagePictures {
 public:
  /// The class that shows this file, whose rule `style` writes later.
  std::string class_of(const std::filesystem::path& file);

  /// A rule for each, made on `threads` threads; pictures for which `small`
  /// throws an Error stay blank.
  std::string style(
      std::size_t threads,
      const std::function<Image(const std::filesystem::path&)>& small) const;

 private:
  std::map<std::filesystem::path, std::size_t> numbers_;
  std::vector<std::filesystem::path> files_;
};

}  // namespace igrot

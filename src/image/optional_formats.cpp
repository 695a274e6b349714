#include "image/optional_formats.h"

#include <algorithm>

namespace igrot {
namespace {

using namespace std::string_view_literals;

constexpr std::uint64_t costly_sample_limit = 3 << 26;

constexpr std::array avif_brands{"avif"sv, "avis"sv};
constexpr std::array heif_brands{"heic"sv, "heix"sv, "heim"sv, "heis"sv,
                                 "hevc"sv, "hevx"sv, "hevm"sv, "hevs"sv,
                                 "mif1"sv, "msf1"sv};

/// The names in a file type box: the main one, then all it is compatible with.
std::vector<std::string_view> brands_of(Bytes file) {
  if (file.size() < 16 || !starts_with(file.subspan(4), "ftyp")) return {};
  const auto size = std::min<std::size_t>(
      load_big<std::uint32_t>(file), std::min<std::size_t>(file.size(), 256));
  std::vector brands{as_text(file.subspan(8, 4))};
  for (std::size_t at = 16; at + 4 <= size; at += 4)
    brands.push_back(as_text(file.subspan(at, 4)));
  return brands;
}

bool is_among(std::string_view brand, const auto& table) {
  return std::ranges::find(table, brand) != table.end();
}

}  // namespace

bool is_avif(Bytes file) {
  const auto brands = brands_of(file);
  return !brands.empty() &&
         (is_among(brands[0], avif_brands) ||
          is_among(brands[0], heif_brands)) &&
         std::ranges::any_of(
             brands, [](auto brand) { return is_among(brand, avif_brands); });
}

bool is_heif(Bytes file) {
  const auto brands = brands_of(file);
  return !brands.empty() && is_among(brands[0], heif_brands);
}

bool is_jxl(Bytes file) {
  return starts_with(file, "\xFF\x0A") ||
         starts_with(file, "\0\0\0\x0CJXL \r\n\x87\n"sv);
}

void check_costly_size(std::uint64_t width, std::uint64_t height,
                       std::uint64_t samples, OpenOptions options) {
  options.pixel_limit =
      std::min(options.pixel_limit, costly_sample_limit / samples);
  check_size(width, height, options);
}

}  // namespace igrot

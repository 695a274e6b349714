#include "base/utf8.h"

#include <array>

namespace igrot {
namespace {

unsigned byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

}  // namespace

std::optional<CodePoint> first_code_point(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto lead = byte_at(text, 0);
  if (lead < 0x80) return CodePoint{lead, 1};
  const std::size_t size = lead >= 0xF0   ? 4
                           : lead >= 0xE0 ? 3
                           : lead >= 0xC2 ? 2
                                          : 0;
  if (size == 0 || lead > 0xF4 || text.size() < size) return std::nullopt;
  std::uint32_t value = lead & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte_at(text, i) & 0xC0) != 0x80) return std::nullopt;
    value = value << 6 | (byte_at(text, i) & 0x3F);
  }
  constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < least[size] || value > 0x10FFFF || surrogate) return std::nullopt;
  return CodePoint{value, size};
}

void append_utf8(std::string& text, std::uint32_t code_point) {
  const auto put = [&](std::uint32_t byte) {
    text += static_cast<char>(static_cast<unsigned char>(byte));
  };
  const auto follow = [&](int shift) {
    put(0x80 | (code_point >> shift & 0x3F));
  };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | code_point >> 6);
    follow(0);
  } else if (code_point < 0x10000) {
    put(0xE0 | code_point >> 12);
    follow(6);
    follow(0);
  } else {
    put(0xF0 | code_point >> 18);
    follow(12);
    follow(6);
    follow(0);
  }
}

}  // namespace igrot

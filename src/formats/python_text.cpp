#include "formats/python_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <vector>

namespace igrot {
namespace {

/// The shortest decimal: value = 0.DIGITS * 10^point.
struct Shortest {
  std::string digits;
  int point = 0;
};

Shortest shortest(double magnitude) {
  std::array<char, 32> text;
  const char* const end =
      std::to_chars(text.data(), text.data() + text.size(), magnitude,
                    std::chars_format::scientific)
          .ptr;
  const char* const e = std::find<const char*>(text.data(), end, 'e');
  Shortest result;
  std::copy_if<const char*>(text.data(), e, std::back_inserter(result.digits),
                            [](char c) { return c != '.'; });
  // from_chars takes no plus sign.
  std::from_chars(e[1] == '+' ? e + 2 : e + 1, end, result.point);
  ++result.point;
  return result;
}

}  // namespace

// float_repr_style 'short': an exponent below 1e-4 and from 1e16 on.
std::string python_repr(double value) {
  if (std::isnan(value)) return "nan";
  const std::string sign = std::signbit(value) ? "-" : "";
  if (std::isinf(value)) return sign + "inf";
  if (value == 0) return sign + "0.0";
  auto [digits, point] = shortest(std::abs(value));
  const auto count = static_cast<int>(digits.size());
  if (point < -3 || point > 16) {
    if (count > 1) digits.insert(1, ".");
    return fmt::format("{}{}e{}{:02}", sign, digits, point > 0 ? '+' : '-',
                       std::abs(point - 1));
  }
  if (point <= 0) {
    digits.insert(0, "0." + std::string(static_cast<std::size_t>(-point), '0'));
  } else if (point >= count) {
    digits += std::string(static_cast<std::size_t>(point - count), '0') + ".0";
  } else {
    digits.insert(static_cast<std::size_t>(point), ".");
  }
  return sign + digits;
}

std::string decimal(Bytes digits) {
  std::vector<std::uint8_t> magnitude(digits.size());
  const bool negative =
      !digits.empty() && std::to_integer<std::uint8_t>(digits.back()) >= 0x80;
  unsigned carry = 1;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    auto byte = std::to_integer<unsigned>(digits[i]);
    if (negative) {
      byte = (byte ^ 0xFFU) + carry;
      carry = byte >> 8;
    }
    magnitude[i] = static_cast<std::uint8_t>(byte);
  }
  std::string text;
  do {
    unsigned rest = 0;
    for (auto i = magnitude.size(); i-- > 0;) {
      rest = rest << 8 | magnitude[i];
      magnitude[i] = static_cast<std::uint8_t>(rest / 10);
      rest %= 10;
    }
    text += static_cast<char>('0' + rest);
    while (!magnitude.empty() && magnitude.back() == 0) magnitude.pop_back();
  } while (!magnitude.empty());
  if (negative) text += '-';
  std::ranges::reverse(text);
  return text;
}

}  // namespace igrot

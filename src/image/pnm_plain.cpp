#include "image/pnm_plain.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include "image/convert.h"
#include "image/decoder.h"

namespace igrot {
namespace {

constexpr std::size_t token_limit = 10;

// PIL reads this much at a time; it shows where a block ends inside a number.
constexpr std::size_t block_bytes = 1024 * 1024;

bool is_space(char c) {
  return std::string_view(" \t\n\v\f\r").find(c) != std::string_view::npos;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Fit for a message.
std::string printable(std::string_view token) {
  std::string text(token.substr(0, 2 * token_limit));
  std::ranges::replace_if(
      text, [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

/// Hands out the text without its comments. A comment's end goes with it, so
/// that what stands around it becomes one number.
class Blocks {
 public:
  explicit Blocks(std::string_view text) : text_(text) {}

  /// Nothing at the end of the text; otherwise perhaps an empty string.
  std::optional<std::string> next() {
    if (text_.empty()) return std::nullopt;
    const auto block = take();
    std::string kept;
    for (const char c : block) {
      if (in_comment_) {
        in_comment_ = c != '\n' && c != '\r';
      } else if (c == '#') {
        in_comment_ = true;
      } else {
        kept += c;
      }
    }
    return kept;
  }

 private:
  std::string_view take() {
    const auto block = text_.substr(0, block_bytes);
    text_.remove_prefix(block.size());
    return block;
  }

  std::string_view text_;
  bool in_comment_ = false;
};

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> tokens;
  for (std::size_t i = 0; i < text.size();) {
    if (is_space(text[i])) {
      ++i;
      continue;
    }
    const auto begin = i;
    while (i < text.size() && !is_space(text[i])) ++i;
    tokens.push_back(text.substr(begin, i - begin));
  }
  return tokens;
}

void check_length(std::string_view token) {
  if (token.size() > token_limit)
    fail(ErrorKind::corrupt, "a number of more than {} characters",
         token_limit);
}

/// One byte a pixel: 255 for the digit 0, 0 for 1.
std::vector<std::uint8_t> read_bits(Blocks& blocks, std::size_t count) {
  std::vector<std::uint8_t> pixels;
  while (pixels.size() < count) {
    const auto block = blocks.next();
    if (!block) fail(ErrorKind::corrupt, "{} of {} bits", pixels.size(), count);
    for (const char c : *block) {
      if (is_space(c)) continue;
      if (c != '0' && c != '1')
        fail(ErrorKind::corrupt, "'{}' is not a bit",
             printable(std::string_view(&c, 1)));
      if (pixels.size() < count) pixels.push_back(c == '0' ? 255 : 0);
    }
  }
  return pixels;
}

/// Calls `put(value)` until it answers false. The number a block ends in is
/// kept for the next; PIL 9.4 never drops it, so a text that ends in a digit
/// too early goes on with its last number.
template <class Put>
void read_numbers(Blocks& blocks, Put put) {
  std::string half;
  for (;;) {
    auto block = blocks.next();
    if (!block && half.empty())
      fail(ErrorKind::corrupt, "the numbers end before the picture does");
    const auto text = half + block.value_or(" ");
    auto tokens = split(text);
    if (!text.empty() && !is_space(text.back())) {
      half = tokens.back();
      check_length(half);
      tokens.pop_back();
    }
    for (const auto token : tokens) {
      check_length(token);
      if (!put(parse_pnm_number(token))) return;
    }
  }
}

}  // namespace

std::int64_t parse_pnm_number(std::string_view token) {
  const bool negative = token.starts_with('-');
  if (negative || token.starts_with('+')) token.remove_prefix(1);
  std::int64_t value = 0;
  bool after_digit = false;
  for (const char c : token) {
    if (c == '_' ? !after_digit : !is_digit(c)) {
      after_digit = false;
      break;
    }
    after_digit = c != '_';
    if (after_digit) value = value * 10 + (c - '0');
  }
  if (!after_digit || token.size() > 12)
    fail(ErrorKind::corrupt, "'{}' is not a number", printable(token));
  return negative ? -value : value;
}

unsigned scale_pnm_sample(unsigned value, unsigned max, unsigned limit) {
  return static_cast<unsigned>(
      std::nearbyint(static_cast<double>(value) / max * limit));
}

void read_pnm_plain(Bytes data, unsigned max, ImageParts& parts) {
  Blocks blocks(as_text(data));
  if (parts.mode == Mode::bilevel) {
    const auto pixels = read_bits(blocks, parts.width * parts.height);
    parts.pixels = pack_bits(pixels, parts.width);
    return;
  }
  const bool wide = parts.mode == Mode::i;
  const std::size_t step = wide ? 4 : 1;
  std::size_t at = 0;
  read_numbers(blocks, [&](std::int64_t number) {
    if (number < 0 || number > max)
      fail(ErrorKind::corrupt, "{} is not within 0 to {}", number, max);
    const auto value = scale_pnm_sample(static_cast<unsigned>(number), max,
                                        wide ? 65535 : 255);
    if (wide)
      std::memcpy(parts.pixels.data() + at, &value, 4);
    else
      parts.pixels[at] = static_cast<std::byte>(value);
    at += step;
    return at < parts.pixels.size();
  });
}

}  // namespace igrot

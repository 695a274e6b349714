#include "caption_text.h"

#include <array>

#include "base/fail.h"
#include "base/utf8.h"
#include "formats/foreign_text.h"
#include "lines.h"

namespace igrot::app {
namespace {

constexpr std::size_t caption_limit_bytes = 16 << 10;
constexpr std::size_t message_limit_bytes = 200;

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

/// Spaces, controls, line and paragraph ends, marks of direction.
constexpr std::array blanks{Range{0x00, 0x20},     Range{0x7F, 0xA0},
                            Range{0x200E, 0x200F}, Range{0x2028, 0x202E},
                            Range{0x2066, 0x2069}, Range{0xFEFF, 0xFEFF}};

bool is_blank(std::uint32_t code_point) {
  for (const auto& range : blanks)
    if (code_point >= range.first && code_point <= range.last) return true;
  return false;
}

/// The first bytes of a longer text in UTF-8, whole code points.
std::string_view cut(std::string_view text, std::size_t limit) {
  while (limit > 0 && (text[limit] & 0xC0) == 0x80) --limit;
  return text.substr(0, limit);
}

void hide(std::string& text, std::string_view secret) {
  if (secret.empty()) return;
  for (auto at = text.find(secret); at != text.npos; at = text.find(secret, at))
    text.replace(at, secret.size(), "***");
}

/// The text at a path of names, or nothing.
std::string text_at(const Json& json,
                    std::initializer_list<std::string_view> path) {
  const auto* value = &json;
  for (const auto name : path) {
    if (!value->is_object() || !value->contains(name)) return {};
    value = &value->at(std::string(name));
  }
  return value->is_string() ? value->get<std::string>() : std::string();
}

/// Where servers put what they have to say.
std::string message_in(std::string_view body) {
  try {
    const auto json = parse_json(std::string(body));
    for (const auto& path :
         {std::initializer_list<std::string_view>{"error", "message"},
          {"error"},
          {"message"},
          {"detail"}})
      if (auto text = text_at(json, path); !text.empty()) return text;
  } catch (const Error&) {  // then it is no JSON
  }
  return std::string(body);
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string line;
  bool gap = false;
  while (!text.empty()) {
    const auto next = first_code_point(text);
    const auto size = next ? next->size_bytes : 1;
    if (!next || is_blank(next->value)) {
      gap = true;
    } else {
      if (gap && !line.empty()) line += ' ';
      gap = false;
      line += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  return line;
}

std::string caption_in(std::string_view body) {
  const auto json = parse_json(std::string(body));
  const auto* choices = json.is_object() && json.contains("choices")
                            ? &json.at("choices")
                            : nullptr;
  if (!choices || !choices->is_array() || choices->empty())
    fail(ErrorKind::corrupt, "the answer holds no caption: {}",
         in_quotes(body));
  auto caption = one_line(text_at(choices->front(), {"message", "content"}));
  if (caption.empty())
    fail(ErrorKind::corrupt, "the answer holds an empty caption");
  if (caption.size() > caption_limit_bytes)
    fail(ErrorKind::corrupt, "the caption has {} bytes, more than the {} taken",
         caption.size(), caption_limit_bytes);
  return caption;
}

std::string server_message(std::string_view body, std::string_view secret) {
  auto message = message_in(body);
  hide(message, secret);
  message = one_line(message);
  if (message.size() <= message_limit_bytes) return message;
  constexpr std::string_view more = "...";
  return std::string(cut(message, message_limit_bytes - more.size())) +
         std::string(more);
}

}  // namespace igrot::app

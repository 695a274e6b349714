#include "base/html.h"

#include <fmt/format.h>

#include <cstdint>

#include "base/bytes.h"
#include "base/sha256.h"
#include "base/utf8.h"

namespace igrot {
namespace {

// Nothing from anywhere but the page itself, and no scripts but those that are
// named by their hash.
constexpr std::string_view policy =
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

constexpr std::string_view common_style = R"css(
:root {
  color-scheme: light dark;
  --page: #f6f5f2; --card: #ffffff; --ink: #1d1c1a; --faint: #6b6862;
  --line: #e2dfd8; --mark: #b4452c; --well: #efece6; --bar: #d98b5f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #171614; --card: #211f1c; --ink: #f0ede7; --faint: #a19c92;
    --line: #38352f; --mark: #f0906f; --well: #2b2824; --bar: #b8663f;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans",
    sans-serif;
}
main { max-width: 76rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.65rem; line-height: 1.2; margin: 0 0 .4rem;
  letter-spacing: -.01em; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr);
  gap: .2rem 1rem; margin: 0; font-size: .85rem; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
)css";

void append_base64(std::string& text, std::string_view bytes) {
  static constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  text.reserve(text.size() + bytes.size() * 4 / 3 + 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto part = bytes.substr(i, 3);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 |
              (j < part.size() ? static_cast<unsigned char>(part[j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j)
      text += j <= part.size() ? digits[group >> (18 - 6 * j) & 63] : '=';
  }
}

/// What allows a script by its hash (Content Security Policy Level 3).
std::string script_source(std::string_view script) {
  const auto hex = sha256_hex(as_bytes(script));
  std::string digest;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    digest += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  std::string source = "; script-src 'sha256-";
  append_base64(source, digest);
  return source + "'";
}

}  // namespace

std::string html_escaped(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  while (!text.empty()) {
    const auto point = first_code_point(text);
    const auto size = point ? point->size_bytes : 1;
    const auto c = point ? point->value : 0xFFFD;
    const bool control = (c < 0x20 && c != '\n') || (c >= 0x7F && c < 0xA0);
    if (c == '&' || c == '<' || c == '>' || c == '"' || c == '\'')
      escaped += fmt::format("&#{};", c);
    else
      append_utf8(escaped, control ? 0xFFFD : c);
    text.remove_prefix(size);
  }
  return escaped;
}

std::string fact_list(
    std::span<const std::pair<std::string, std::string>> facts) {
  std::string html = "<dl>\n";
  for (const auto& [name, value] : facts)
    html += fmt::format("<dt>{}</dt><dd>{}</dd>\n", html_escaped(name),
                        html_escaped(value));
  return html + "</dl>\n";
}

std::string data_uri(std::string_view media_type, std::string_view bytes) {
  auto uri = fmt::format("data:{};base64,", media_type);
  append_base64(uri, bytes);
  return uri;
}

std::string page_start(std::string_view title, std::string_view style,
                       std::string_view script) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}{}\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<title>{}</title>\n<style>{}{}</style>\n</head>\n"
      "<body>\n<main>\n",
      policy, script.empty() ? "" : script_source(script), html_escaped(title),
      common_style, style);
}

std::string page_script(std::string_view script) {
  return fmt::format("<script>{}</script>\n", script);
}

std::string_view page_end() {
  return "</main>\n</body>\n</html>\n";
}

}  // namespace igrot

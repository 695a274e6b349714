#include "text/clip_cleaning.h"

#include <algorithm>
#include <utility>

#include "text/line_fixes.h"
#include "text/normal_form.h"
#include "text/unicode.h"

namespace igrot::text {
namespace {

// Lines above this are not searched for wrong encodings.
constexpr std::size_t longest_decoded_line = 1'000'000;

// No step changes these characters, whatever their order.
bool is_plain(char32_t c) {
  return (c >= U' ' && c <= U'~' && c != U'&') || c == U'\t' || c == U'\n' ||
         c == U'\f';
}

std::u32string_view strip(std::u32string_view text) {
  while (!text.empty() && is_python_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_python_space(text.back())) text.remove_suffix(1);
  return text;
}

// Every run of white space to one space.
std::u32string fold_white_space(std::u32string_view text) {
  std::u32string folded;
  folded.reserve(text.size());
  bool in_run = false;
  for (const char32_t c : text) {
    const bool space = is_white_space(c);
    if (!space)
      folded.push_back(c);
    else if (!in_run)
      folded.push_back(U' ');
    in_run = space;
  }
  return folded;
}

}  // namespace

std::u32string ClipCleaner::fix_once(std::u32string text, Steps steps,
                                     WorkLimit& limit) const {
  text = remove_terminal_escapes(text);
  if (steps.encodings && !is_ascii(text)) text = mojibake_.fix(text, limit);
  if (steps.entities) text = unescape_complete(entities_, text);
  if (!is_ascii(text))
    text = straighten_quotes(normalize_width(split_ligatures(text)));
  text = remove_controls(unify_line_breaks(text));
  return is_ascii(text) ? text : nfc(text);
}

std::u32string ClipCleaner::fix_line(std::u32string_view line,
                                     bool with_entities,
                                     WorkLimit& limit) const {
  std::u32string text(line);
  if (std::all_of(line.begin(), line.end(), is_plain)) return text;
  const Steps steps{.entities = with_entities,
                    .encodings = line.size() <= longest_decoded_line};
  while (limit.spend(text.size())) {
    std::u32string fixed = fix_once(text, steps, limit);
    if (fixed == text) break;
    text = std::move(fixed);
  }
  return text;
}

std::u32string ClipCleaner::fix_text(std::u32string_view text) const {
  WorkLimit limit(text.size());
  std::u32string fixed;
  fixed.reserve(text.size());
  bool with_entities = true;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find(U'\n'), text.size() - 1) + 1;
    const auto line = text.substr(0, size);
    // What looks like markup may mean its entities, from here on.
    const bool is_markup =
        line.find(U'<') != line.npos && line.find(U'>') != line.npos;
    with_entities = with_entities && !is_markup;
    fixed += fix_line(line, with_entities, limit);
    text.remove_prefix(size);
  }
  return fixed;
}

std::u32string ClipCleaner::clean(std::u32string_view text) const {
  std::u32string fixed = fix_text(text);
  if (fixed.find(U'&') != fixed.npos)
    fixed = unescape(entities_, unescape(entities_, fixed));
  const std::u32string folded = fold_white_space(strip(fixed));
  return lower(strip(folded));
}

}  // namespace igrot::text

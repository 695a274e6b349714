#include "text/normal_form.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "base/fail.h"
#include "text/unicode.h"

namespace igrot::text {
namespace {

using Instance = const icu::Normalizer2* (*)(UErrorCode&);

const icu::Normalizer2& load(Instance instance) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* form = instance(status);
  if (U_FAILURE(status))
    fail(ErrorKind::unsupported, "ICU has no normal forms: {}",
         u_errorName(status));
  return *form;
}

UChar32 code(char32_t c) {
  return static_cast<UChar32>(c);
}

void append(std::u32string& target, const icu::UnicodeString& units) {
  for (std::int32_t i = 0; i < units.length(); i = units.moveIndex32(i, 1))
    target.push_back(static_cast<char32_t>(units.char32At(i)));
}

// ICU and Python put marks in order by insertion, which takes the square of
// their number. Longer runs are taken apart and sorted here first: the same
// text to every normal form, and then nothing is left to insert.
std::u32string ordered(std::u32string_view segment) {
  const auto& form = load(icu::Normalizer2::getNFDInstance);
  std::u32string parts;
  icu::UnicodeString decomposition;
  for (const char32_t c : segment) {
    if (form.getDecomposition(code(c), decomposition))
      append(parts, decomposition);
    else
      parts.push_back(c);
  }
  const auto mark_class = [&](char32_t c) {
    return form.getCombiningClass(code(c));
  };
  for (auto mark = parts.begin(); mark != parts.end();) {
    const auto starter = std::find_if(
        mark, parts.end(), [&](char32_t c) { return mark_class(c) == 0; });
    std::stable_sort(mark, starter, [&](char32_t a, char32_t b) {
      return mark_class(a) < mark_class(b);
    });
    mark = starter == parts.end() ? starter : starter + 1;
  }
  return parts;
}

constexpr std::size_t longest_unsorted_segment = 64;

void append_normal(std::u32string& target, const icu::Normalizer2& form,
                   std::u32string_view segment) {
  icu::UnicodeString units;
  if (segment.size() == 1 && !form.getDecomposition(code(segment[0]), units)) {
    target += segment;
    return;
  }
  units.remove();
  if (segment.size() > longest_unsorted_segment)
    for (const char32_t c : ordered(segment)) units.append(code(c));
  else
    for (const char32_t c : segment) units.append(code(c));
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString normal = form.normalize(units, status);
  if (U_FAILURE(status))
    fail(ErrorKind::unsupported, "text cannot be normalised: {}",
         u_errorName(status));
  append(target, normal);
}

bool is_unknown(char32_t c) {
  return c >= 0x80 && is_newer(c, python_version);
}

// Works through the segments that normalise by themselves. A character newer
// than the reference's tables is one: to it, such a character was unassigned,
// which never combines.
std::u32string normalize(const icu::Normalizer2& form, char32_t first_changing,
                         std::u32string_view text) {
  std::u32string normal;
  normal.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t start = i++;
    const bool alone = is_unknown(text[start]);
    while (!alone && i < text.size() && text[i] >= first_changing &&
           !is_unknown(text[i]) && !form.hasBoundaryBefore(code(text[i])))
      ++i;
    if (i == start + 1 && (alone || text[start] < first_changing))
      normal.push_back(text[start]);
    else
      append_normal(normal, form, text.substr(start, i - start));
  }
  return normal;
}

}  // namespace

std::u32string nfc(std::u32string_view text) {
  return normalize(load(icu::Normalizer2::getNFCInstance), 0x300, text);
}

std::u32string nfd(std::u32string_view text) {
  return normalize(load(icu::Normalizer2::getNFDInstance), 0xC0, text);
}

std::u32string nfkc(char32_t c) {
  return normalize(load(icu::Normalizer2::getNFKCInstance), 0,
                   std::u32string_view(&c, 1));
}

}  // namespace igrot::text

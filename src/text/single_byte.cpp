#include "text/single_byte.h"

#include <algorithm>
#include <cassert>
#include <map>

namespace igrot::text {
namespace {

constexpr std::size_t count = single_byte_encodings.size();
constexpr unsigned every = (1U << count) - 1;
constexpr char substitute = 0x1A;
constexpr char32_t replacement = U'\uFFFD';

// The characters of the bytes 80 to FF. A byte without a meaning has the
// character of its own number.
constexpr char16_t windows_1252[] =
    u"€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F"
    u"\u0090‘’“”•–—˜™š›œ\u009DžŸ"
    u"\u00A0¡¢£¤¥¦§¨©ª«¬\u00AD®¯"
    u"°±²³´µ¶·¸¹º»¼½¾¿"
    u"ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ"
    u"ÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß"
    u"àáâãäåæçèéêëìíîï"
    u"ðñòóôõö÷øùúûüýþÿ";
constexpr char16_t windows_1250[] =
    u"€\u0081‚\u0083„…†‡\u0088‰Š‹ŚŤŽŹ"
    u"\u0090‘’“”•–—\u0098™š›śťžź"
    u"\u00A0ˇ˘Ł¤Ą¦§¨©Ş«¬\u00AD®Ż"
    u"°±˛ł´µ¶·¸ąş»Ľ˝ľż"
    u"ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎ"
    u"ĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢß"
    u"ŕáâăäĺćçčéęëěíîď"
    u"đńňóôőö÷řůúűüýţ˙";
constexpr char16_t iso_8859_2[] =
    u"\u0080\u0081\u0082\u0083\u0084\u0085\u0086\u0087\u0088\u0089\u008A\u008B"
    u"\u008C\u008D\u008E\u008F"
    u"\u0090\u0091\u0092\u0093\u0094\u0095\u0096\u0097\u0098\u0099\u009A\u009B"
    u"\u009C\u009D\u009E\u009F"
    u"\u00A0Ą˘Ł¤ĽŚ§¨ŠŞŤŹ\u00ADŽŻ"
    u"°ą˛ł´ľśˇ¸šşťź˝žż"
    u"ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎ"
    u"ĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢß"
    u"ŕáâăäĺćçčéęëěíîď"
    u"đńňóôőö÷řůúűüýţ˙";
constexpr char16_t windows_1251[] =
    u"ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏ"
    u"ђ‘’“”•–—\u0098™љ›њќћџ"
    u"\u00A0ЎўЈ¤Ґ¦§Ё©Є«¬\u00AD®Ї"
    u"°±Ііґµ¶·ё№є»јЅѕї"
    u"АБВГДЕЖЗИЙКЛМНОП"
    u"РСТУФХЦЧШЩЪЫЬЭЮЯ"
    u"абвгдежзийклмноп"
    u"рстуфхцчшщъыьэюя";
constexpr char16_t mac_roman[] =
    u"ÄÅÇÉÑÖÜáàâäãåçéè"
    u"êëíìîïñóòôöõúùûü"
    u"†°¢£§•¶ß®©™´¨≠ÆØ"
    u"∞±≤≥¥µ∂∑∏π∫ªºΩæø"
    u"¿¡¬√ƒ≈∆«»…\u00A0ÀÃÕŒœ"
    u"–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ"
    u"‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ"
    u"\uF8FFÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";
constexpr char16_t code_page_437[] =
    u"ÇüéâäàåçêëèïîìÄÅ"
    u"ÉæÆôöòûùÿÖÜ¢£¥₧ƒ"
    u"áíóúñÑªº¿⌐¬½¼¡«»"
    u"░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
    u"└┴┬├─┼╞╟╚╔╩╦╠═╬╧"
    u"╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
    u"αßΓπΣσµτΦΘΩδ∞φε∩"
    u"≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00A0";

constexpr std::array<const char16_t*, count> upper_halves{
    nullptr,      windows_1252, windows_1250, iso_8859_2,
    windows_1251, mac_roman,    code_page_437};

char32_t decode(std::size_t encoding, std::uint8_t byte) {
  const char16_t* upper_half = upper_halves[encoding];
  return byte < 0x80 || !upper_half ? byte : upper_half[byte - 0x80];
}

constexpr unsigned sloppy_encodings() {
  unsigned holders = 0;
  for (std::size_t i = 0; i < count; ++i)
    if (single_byte_encodings[i].is_sloppy) holders |= 1U << i;
  return holders;
}

}  // namespace

SingleByteEncodings::SingleByteEncodings() {
  std::map<char32_t, Row> rows;
  const auto add = [&](char32_t c, std::size_t encoding, std::uint8_t byte) {
    Row& row = rows[c];
    row.character = c;
    row.holders |= 1U << encoding;
    row.bytes[encoding] = byte;
  };
  for (std::size_t i = 0; i < count; ++i) {
    for (unsigned byte = 0x80; byte <= 0xFF; ++byte) {
      const auto narrow = static_cast<std::uint8_t>(byte);
      add(decode(i, narrow), i, narrow);
    }
    if (single_byte_encodings[i].is_sloppy) add(replacement, i, substitute);
  }
  for (const auto& [character, row] : rows) rows_.push_back(row);
}

const SingleByteEncodings::Row* SingleByteEncodings::find(char32_t c) const {
  const auto row = std::lower_bound(
      rows_.begin(), rows_.end(), c,
      [](const Row& a, char32_t b) { return a.character < b; });
  return row == rows_.end() || row->character != c ? nullptr : &*row;
}

unsigned SingleByteEncodings::holding(std::u32string_view text) const {
  unsigned holders = every;
  for (const char32_t c : text) {
    if (c == substitute) holders &= ~sloppy_encodings();
    if (c < 0x80) continue;
    const Row* row = find(c);
    holders &= row ? row->holders : 0;
    if (!holders) break;
  }
  return holders;
}

std::string SingleByteEncodings::encode(std::u32string_view text,
                                        std::size_t encoding) const {
  std::string bytes;
  bytes.reserve(text.size());
  for (const char32_t c : text) {
    const Row* row = c < 0x80 ? nullptr : find(c);
    assert(c < 0x80 || (row && row->holders >> encoding & 1U));
    bytes.push_back(static_cast<char>(row ? row->bytes[encoding] : c));
  }
  return bytes;
}

char32_t from_windows_1252(std::uint8_t byte) {
  return decode(windows_1252_encoding, byte);
}

bool is_in_windows_1252(std::uint8_t byte) {
  return byte < 0x80 || byte > 0x9F || from_windows_1252(byte) != byte;
}

}  // namespace igrot::text

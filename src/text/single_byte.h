// The single-byte encodings that text is wrongly read in most often.
//
// Sources: the mappings of Unicode's MAPPINGS directory. Where a Windows code
// page leaves a byte open, it is taken as in Latin-1, and byte 1A stands for
// U+FFFD, as ftfy's "sloppy" encodings have it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace igrot::text {

struct SingleByteRow {
  std::string_view name;

  /// What assuming this encoding costs: rarer ones need better evidence.
  int cost;

  /// Byte 1A stands for U+FFFD.
  bool is_sloppy;
};

/// In the order in which they are tried.
inline constexpr std::array single_byte_encodings{
    SingleByteRow{"latin_1", 0, false},
    SingleByteRow{"windows_1252", 0, true},
    SingleByteRow{"windows_1250", 2, true},
    SingleByteRow{"iso_8859_2", 2, false},
    SingleByteRow{"windows_1251", 3, true},
    SingleByteRow{"mac_roman", 2, false},
    SingleByteRow{"code_page_437", 3, false},
};
inline constexpr std::size_t latin_1_encoding = 0;
inline constexpr std::size_t windows_1252_encoding = 1;

/// The bytes of all encodings by character.
class SingleByteEncodings {
 public:
  SingleByteEncodings();

  /// Bit i: encoding i has every character of the text.
  unsigned holding(std::u32string_view text) const;

  /// The text in an encoding that holds it.
  std::string encode(std::u32string_view text, std::size_t encoding) const;

 private:
  struct Row {
    char32_t character = 0;
    unsigned holders = 0;
    std::array<std::uint8_t, single_byte_encodings.size()> bytes{};
  };
  const Row* find(char32_t c) const;

  std::vector<Row> rows_;  // the characters that are not ASCII, sorted
};

/// What a byte means in Windows-1252, the open ones as in Latin-1.
char32_t from_windows_1252(std::uint8_t byte);

/// Whether Windows-1252 gives a byte a meaning.
bool is_in_windows_1252(std::uint8_t byte);

}  // namespace igrot::text

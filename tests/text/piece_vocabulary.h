// SentencePiece models made by hand: the bytes of their protobuf message.
// Numbers of fields: sentencepiece_model.proto.
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace igrot::test {

inline std::string varint(std::uint64_t number) {
  std::string bytes;
  for (; number >= 0x80; number >>= 7)
    bytes.push_back(static_cast<char>(number | 0x80));
  bytes.push_back(static_cast<char>(number));
  return bytes;
}

inline std::string number_field(unsigned field, std::uint64_t number) {
  return varint(field << 3) + varint(number);
}

inline std::string bytes_field(unsigned field, std::string_view bytes) {
  return varint(field << 3 | 2) + varint(bytes.size()) + std::string(bytes);
}

enum class PieceType : std::uint8_t {
  normal = 1,
  unknown = 2,
  control = 3,
  byte = 6,
};

inline std::string piece(std::string_view text, float score,
                         PieceType type = PieceType::normal) {
  std::string score_bytes(sizeof score, '\0');
  std::memcpy(score_bytes.data(), &score, sizeof score);
  return bytes_field(1, bytes_field(1, text) + varint(2 << 3 | 5) +
                            score_bytes +
                            number_field(3, static_cast<unsigned>(type)));
}

/// Unigram pieces as SigLIP has them: </s> is 1, <unk> 2, a space goes before
/// each text. "▁" is U+2581.
inline std::string siglip_vocabulary() {
  return piece("<pad>", 0, PieceType::control) +
         piece("</s>", 0, PieceType::control) +
         piece("<unk>", 0, PieceType::unknown) + piece("▁a", -1) +
         piece("▁dog", -1) + piece("▁", -3) + piece("d", -4) + piece("o", -4) +
         piece("g", -4) + piece("s", -2) + bytes_field(2, number_field(3, 1)) +
         bytes_field(3, bytes_field(1, "identity"));
}

/// Byte pairs as Gemma has them: <pad>, <eos>, <bos>, <unk>, the bytes from 4
/// on, then pieces from 260 on; spaces stay as they are.
inline std::string siglip2_vocabulary() {
  std::string bytes = piece("<pad>", 0, PieceType::control) +
                      piece("<eos>", 0, PieceType::control) +
                      piece("<bos>", 0, PieceType::control) +
                      piece("<unk>", 0, PieceType::unknown);
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (std::size_t i = 0; i < 256; ++i)
    bytes += piece(std::string("<0x") + digits[i / 16] + digits[i % 16] + ">",
                   0, PieceType::byte);
  bytes += piece("ab", -1) + piece("abc", -2) + piece("▁", -3) +
           piece("a", -4) + piece("b", -5) + piece("c", -6);
  const auto trainer = number_field(3, 2) + number_field(35, 1) +
                       bytes_field(46, "<bos>") + bytes_field(47, "<eos>");
  const auto normalizer =
      bytes_field(1, "identity") + number_field(3, 0) + number_field(4, 0);
  return bytes + bytes_field(2, trainer) + bytes_field(3, normalizer);
}

inline std::filesystem::path write_bytes(const std::filesystem::path& path,
                                         std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

}  // namespace igrot::test

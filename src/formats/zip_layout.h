// Numbers of the zip format (PKWARE's APPNOTE 6.3.10), for reader and writer.
#pragma once

#include <cstdint>

namespace igrot::zip {

inline constexpr std::uint32_t local_signature = 0x04034B50;
inline constexpr std::uint32_t central_signature = 0x02014B50;
inline constexpr std::uint32_t end_signature = 0x06054B50;
inline constexpr std::uint32_t end64_signature = 0x06064B50;
inline constexpr std::uint32_t locator64_signature = 0x07064B50;

inline constexpr std::size_t end_bytes = 22;
inline constexpr std::size_t end64_bytes = 56;
inline constexpr std::size_t locator64_bytes = 20;
inline constexpr std::size_t central_bytes = 46;

inline constexpr std::uint16_t stored = 0;
inline constexpr std::uint16_t deflated = 8;

/// Extra field that holds what does not fit 32 bits.
inline constexpr std::uint16_t zip64_field = 0x0001;

/// A field with all bits set says: see the zip64 record or extra field.
inline constexpr std::uint16_t elsewhere16 = 0xFFFF;
inline constexpr std::uint32_t elsewhere32 = 0xFFFFFFFF;

/// Bits of the general purpose flag.
inline constexpr std::uint16_t sizes_follow_flag = 1U << 3;
inline constexpr std::uint16_t utf8_flag = 1U << 11;
inline constexpr std::uint16_t encryption_flags = 1U | 1U << 6 | 1U << 13;
inline constexpr std::uint16_t patch_flag = 1U << 5;

}  // namespace igrot::zip

#include "image/jpeg_header.h"

#include <algorithm>

#include "image/decoder.h"
#include "image/exif.h"

namespace igrot {
namespace {

enum Marker : unsigned {
  sof0 = 0xC0,
  dht = 0xC4,
  jpg = 0xC8,
  dac = 0xCC,
  sof15 = 0xCF,
  rst0 = 0xD0,
  soi = 0xD8,
  eoi = 0xD9,
  sos = 0xDA,
  dqt = 0xDB,
  dnl = 0xDC,
  dhp = 0xDE,
  exp = 0xDF,
  app0 = 0xE0,
  app1 = 0xE1,
  app2 = 0xE2,
  app14 = 0xEE,
  app15 = 0xEF,
  com = 0xFE,
};

constexpr std::uint16_t number_of_pictures_tag = 0xB001;

bool is_frame(unsigned marker) {
  return (marker >= sof0 && marker <= sof15 && marker != dht && marker != jpg &&
          marker != dac) ||
         marker == dhp;
}

bool has_body(unsigned marker) {
  return (marker >= sof0 && marker < rst0 && marker != jpg) ||
         (marker >= sos && marker <= app15) || marker == com;
}

void read_frame(Bytes body, JpegHeader& header) {
  const auto fixed = subspan(body, 0, 6, "frame header");
  const auto bits = static_cast<unsigned>(fixed[0]);
  if (bits != 8)
    fail(ErrorKind::unsupported, "{} bits a sample, expected 8", bits);
  header.height = load_big<std::uint16_t>(fixed.subspan(1));
  header.width = load_big<std::uint16_t>(fixed.subspan(3));
  header.layers = static_cast<unsigned>(fixed[5]);
  if (header.layers != 1 && header.layers != 3 && header.layers != 4)
    fail(ErrorKind::unsupported, "{} components a pixel, expected 1, 3 or 4",
         header.layers);
  if ((body.size() - 6) % 3 != 0)
    fail(ErrorKind::corrupt, "the frame header ends inside a component");
}

void check_tables(Bytes body) {
  while (!body.empty()) {
    const bool wide = static_cast<unsigned>(body[0]) >> 4 != 0;
    body = body.subspan(
        subspan(body, 0, wide ? 129 : 65, "quantization table").size());
  }
}

constexpr std::string_view profile_mark("ICC_PROFILE", 12);

void read_application(unsigned marker, Bytes body, JpegHeader& header,
                      bool& has_exif) {
  using namespace std::string_view_literals;
  if (marker == app0 && starts_with(body, "JFIF")) {
    subspan(body, 5, 2, "JFIF version");
  } else if (marker == app14 && starts_with(body, "Adobe")) {
    subspan(body, 5, 2, "Adobe version");
  } else if (marker == app1 && starts_with(body, "Exif\0"sv) && !has_exif) {
    has_exif = true;
    header.orientation = exif_orientation(body);
  } else if (marker == app2 && starts_with(body, "MPF\0"sv)) {
    header.pictures =
        directory_number(body.subspan(4), number_of_pictures_tag).value_or(1);
  } else if (marker == app2 && starts_with(body, profile_mark) &&
             body.size() > profile_mark.size() + 2 && header.layers == 0) {
    header.profile_pieces.push_back(body.subspan(profile_mark.size()));
  }
}

/// The next marker's second byte. Junk before it, fill bytes and stuffed zeros
/// are passed over.
unsigned next_marker(ByteReader& reader) {
  auto byte = reader.little<std::uint8_t>();
  for (;;) {
    while (byte != 0xFF) byte = reader.little<std::uint8_t>();
    const auto second = reader.little<std::uint8_t>();
    if (second == 0xFF) continue;
    if (second != 0) return second;
    byte = reader.little<std::uint8_t>();
  }
}

}  // namespace

JpegHeader read_jpeg_header(Bytes file) {
  JpegHeader header;
  bool has_exif = false;
  ByteReader reader(file, "marker");
  reader.take(2);
  for (;;) {
    const auto marker = next_marker(reader);
    if (marker < sof0)
      fail(ErrorKind::corrupt, "no marker is called FF{:02X}", marker);
    if (!has_body(marker)) continue;
    const auto size = load_big<std::uint16_t>(reader.take(2));
    const auto body = reader.take(size < 2 ? 0 : size - 2U);
    if (is_frame(marker)) read_frame(body, header);
    if (marker == dqt) check_tables(body);
    if (marker >= app0 && marker <= app15)
      read_application(marker, body, header, has_exif);
    if (marker == sos) break;
  }
  if (header.layers == 0)
    fail(ErrorKind::corrupt, "a scan comes before any frame header");
  return header;
}

std::vector<std::byte> joined_profile(const JpegHeader& header) {
  auto pieces = header.profile_pieces;
  std::ranges::stable_sort(
      pieces, {}, [](Bytes piece) { return static_cast<unsigned>(piece[0]); });
  std::vector<std::byte> profile;
  if (pieces.empty() || static_cast<std::size_t>(pieces[0][1]) != pieces.size())
    return profile;
  for (const auto piece : pieces)
    profile.insert(profile.end(), piece.begin() + 2, piece.end());
  return profile;
}

bool is_jpeg(Bytes file) {
  return starts_with(file, "\xFF\xD8\xFF");
}

}  // namespace igrot

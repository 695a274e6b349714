// Pictures to files: PNG without loss, JPEG for thumbnails.
#include <zlib.h>

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <memory>

// After <cstdio>, which it needs.
#include <jpeglib.h>

#include "base/file.h"
#include "image/decoder.h"

namespace igrot {
namespace {

void append(std::vector<std::byte>& out, Bytes bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

void append_big(std::vector<std::byte>& out, std::uint32_t value) {
  for (const int shift : {24, 16, 8, 0})
    out.push_back(static_cast<std::byte>(value >> shift & 255));
}

void append_chunk(std::vector<std::byte>& out, std::string_view id,
                  Bytes data) {
  append_big(out, static_cast<std::uint32_t>(data.size()));
  append(out, as_bytes(id));
  append(out, data);
  const auto sum =
      crc32_z(crc32(0, bytes_of(as_bytes(id)), 4), bytes_of(data), data.size());
  append_big(out, static_cast<std::uint32_t>(sum));
}

/// The colour type of PNG's header for a mode.
struct ColourRow {
  Mode mode;
  std::uint8_t type;
};

constexpr std::array colours{
    ColourRow{Mode::l, 0},
    ColourRow{Mode::rgb, 2},
    ColourRow{Mode::la, 4},
    ColourRow{Mode::rgba, 6},
};

std::uint8_t colour_type(Mode mode) {
  for (const auto& row : colours)
    if (row.mode == mode) return row.type;
  fail(ErrorKind::usage, "mode {} is not written as PNG; convert it to RGB",
       describe(mode).name);
}

/// Rows as differences: to the left in the first, to the row above in the rest.
std::vector<std::byte> filtered(const Image& image) {
  const auto step = describe(image.mode()).bytes_per_pixel;
  std::vector<std::byte> out;
  out.reserve(image.pixels().size() + image.height());
  for (std::size_t y = 0; y < image.height(); ++y) {
    const auto row = image.row(y);
    out.push_back(y == 0 ? std::byte{1} : std::byte{2});
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto near = y > 0       ? image.row(y - 1)[i]
                        : i >= step ? row[i - step]
                                    : std::byte{0};
      out.push_back(static_cast<std::byte>(static_cast<unsigned>(row[i]) -
                                           static_cast<unsigned>(near)));
    }
  }
  return out;
}

std::vector<std::byte> deflated(Bytes data) {
  auto size = compressBound(data.size());
  std::vector<std::byte> out(size);
  const int result = compress2(bytes_of(out), &size, bytes_of(data),
                               data.size(), Z_DEFAULT_COMPRESSION);
  if (result != Z_OK) fail(ErrorKind::io, "zlib: {}", zError(result));
  out.resize(size);
  return out;
}

/// What the C callbacks touch; nothing here has a destructor that a longjmp
/// could skip. libjpeg grows `data` with malloc.
struct JpegSession {
  jpeg_compress_struct compress;
  jpeg_error_mgr errors;
  std::jmp_buf on_error;
  char message[JMSG_LENGTH_MAX];
  unsigned char* data;
  unsigned long size;
};

void leave(j_common_ptr info) {
  auto& session = *static_cast<JpegSession*>(info->client_data);
  info->err->format_message(info, session.message);
  std::longjmp(session.on_error, 1);
}

struct JpegInput {
  const unsigned char* pixels;
  unsigned width;
  unsigned height;
  int channels;
  int quality;
};

bool compress_rows(JpegSession& session, const JpegInput& input) {
  auto& info = session.compress;
  info.err = jpeg_std_error(&session.errors);
  session.errors.error_exit = leave;
  info.client_data = &session;
  if (setjmp(session.on_error)) return false;
  jpeg_create_compress(&info);
  info.client_data = &session;
  jpeg_mem_dest(&info, &session.data, &session.size);
  info.image_width = input.width;
  info.image_height = input.height;
  info.input_components = input.channels;
  info.in_color_space = input.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, input.quality, TRUE);
  jpeg_start_compress(&info, TRUE);
  const auto stride = input.width * static_cast<std::size_t>(input.channels);
  while (info.next_scanline < info.image_height) {
    auto* row =
        const_cast<JSAMPROW>(input.pixels + info.next_scanline * stride);
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  return true;
}

}  // namespace

std::vector<std::byte> encode_png(const Image& image) {
  const auto type = colour_type(image.mode());
  std::vector<std::byte> header;
  append_big(header, static_cast<std::uint32_t>(image.width()));
  append_big(header, static_cast<std::uint32_t>(image.height()));
  for (const auto value : {std::uint8_t{8}, type, std::uint8_t{0},
                           std::uint8_t{0}, std::uint8_t{0}})
    header.push_back(std::byte{value});

  std::vector<std::byte> out;
  append(out, as_bytes("\x89PNG\r\n\x1A\n"));
  append_chunk(out, "IHDR", header);
  append_chunk(out, "IDAT", deflated(filtered(image)));
  append_chunk(out, "IEND", {});
  return out;
}

std::vector<std::byte> encode_jpeg(const Image& image, int quality) {
  if (image.mode() != Mode::l && image.mode() != Mode::rgb)
    fail(ErrorKind::usage, "mode {} is not written as JPEG; convert it to RGB",
         describe(image.mode()).name);
  if (quality < 1 || quality > 100)
    fail(ErrorKind::usage, "quality {} is not within 1 to 100", quality);
  if (std::max(image.width(), image.height()) > JPEG_MAX_DIMENSION)
    fail(ErrorKind::usage, "{} x {} pixels are too many for JPEG",
         image.width(), image.height());
  JpegSession session{};
  const bool done = compress_rows(
      session,
      {bytes_of(image.pixels()), static_cast<unsigned>(image.width()),
       static_cast<unsigned>(image.height()),
       static_cast<int>(describe(image.mode()).bytes_per_pixel), quality});
  jpeg_destroy_compress(&session.compress);
  const std::unique_ptr<unsigned char, decltype(&std::free)> guard(session.data,
                                                                   std::free);
  if (!done) fail(ErrorKind::io, "JPEG: {}", session.message);
  const auto bytes = std::as_bytes(std::span(session.data, session.size));
  return {bytes.begin(), bytes.end()};
}

void write_png(const std::filesystem::path& path, const Image& image) {
  const auto content = encode_png(image);
  AtomicFile file(path);
  file.write(content);
  file.commit();
}

}  // namespace igrot

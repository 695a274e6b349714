// Compressed TIFF through libtiff, called as PIL 9.4 calls it: strips and tiles
// in whole, YCbCr as RGBA unless it is a JPEG in one plane.
#include <tiffio.h>

#include <algorithm>
#include <bit>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>
#include <string>

#include "image/decoder.h"
#include "image/tiff_rows.h"
#include "image/tiff_samples.h"

namespace igrot {
namespace {

/// The file as libtiff sees it, and what it last complained about.
struct Source {
  Bytes file;
  std::uint64_t at = 0;
  std::string complaint;
};

Source& source_of(thandle_t handle) {
  return *static_cast<Source*>(handle);
}

tmsize_t read_bytes(thandle_t handle, void* out, tmsize_t size) {
  auto& source = source_of(handle);
  if (size <= 0 || source.at >= source.file.size()) return 0;
  const auto left = source.file.subspan(static_cast<std::size_t>(source.at));
  const auto count = std::min(static_cast<std::size_t>(size), left.size());
  std::memcpy(out, left.data(), count);
  source.at += count;
  return static_cast<tmsize_t>(count);
}

tmsize_t refuse_write(thandle_t, void*, tmsize_t) {
  return 0;
}

toff_t seek(thandle_t handle, toff_t offset, int whence) {
  auto& source = source_of(handle);
  if (whence == SEEK_CUR) offset += source.at;
  if (whence == SEEK_END) offset += source.file.size();
  return source.at = offset;
}

int close_nothing(thandle_t) {
  return 0;
}
toff_t size_of(thandle_t handle) {
  return source_of(handle).file.size();
}

int map(thandle_t handle, void** data, toff_t* size) {
  const auto file = source_of(handle).file;
  *data = const_cast<std::byte*>(file.data());
  *size = file.size();
  return 1;
}

void unmap(thandle_t, void*, toff_t) {}

int note_error(TIFF*, void* data, const char*, const char* format,
               va_list arguments) {
  std::array<char, 256> text;
  std::vsnprintf(text.data(), text.size(), format, arguments);
  static_cast<Source*>(data)->complaint = text.data();
  return 1;
}

int ignore_warning(TIFF*, void*, const char*, const char*, va_list) {
  return 1;
}

// Above what any strip within the pixel limit needs.
constexpr tmsize_t allocation_limit = std::numeric_limits<int>::max();

using Tiff = std::unique_ptr<TIFF, decltype(&TIFFClose)>;

Tiff open(Source& source) {
  const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)>
      options(TIFFOpenOptionsAlloc(), TIFFOpenOptionsFree);
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), allocation_limit);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), note_error, &source);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), ignore_warning, nullptr);
  return {TIFFClientOpenExt("picture", "rC", &source, read_bytes, refuse_write,
                            seek, close_nothing, size_of, map, unmap,
                            options.get()),
          TIFFClose};
}

class Reader {
 public:
  Reader(Bytes file, const TiffHeader& header, TiffCanvas& canvas)
      : source_{file, 0, {}},
        tiff_(open(source_)),
        header_(header),
        canvas_(canvas) {
    if (!tiff_) fail_broken("cannot be opened");
  }

  void run() {
    check_size_agrees();
    const auto photometric = field<std::uint16_t>(TIFFTAG_PHOTOMETRIC, 0);
    const bool is_planar =
        field_or_default<std::uint16_t>(TIFFTAG_PLANARCONFIG, 0) ==
        PLANARCONFIG_SEPARATE;
    const bool is_ycbcr = photometric == PHOTOMETRIC_YCBCR;
    if (is_ycbcr && !is_planar &&
        field<std::uint16_t>(TIFFTAG_COMPRESSION, 0) == COMPRESSION_JPEG)
      TIFFSetField(tiff_.get(), TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    else if (is_ycbcr)
      return read_as_rgba();
    if (is_planar && canvas_.pixel_bytes > 1 && has_bands()) start_bands();
    if (TIFFIsTiled(tiff_.get()))
      read_tiles();
    else
      read_strips();
    if (bands_ > 3 && header_.layout.raw.mode == Mode::rgba) unpremultiply();
  }

 private:
  [[noreturn]] void fail_broken(std::string_view what) const {
    fail(ErrorKind::corrupt, "{}{}{}", what,
         source_.complaint.empty() ? "" : ": ", source_.complaint);
  }

  template <class Number>
  Number field(std::uint32_t tag, Number otherwise) {
    Number value = otherwise;
    TIFFGetField(tiff_.get(), tag, &value);
    return value;
  }

  template <class Number>
  Number field_or_default(std::uint32_t tag, Number otherwise) {
    Number value = otherwise;
    TIFFGetFieldDefaulted(tiff_.get(), tag, &value);
    return value;
  }

  void check_size_agrees() {
    if (field<std::uint32_t>(TIFFTAG_IMAGEWIDTH, 0) != canvas_.width ||
        field<std::uint32_t>(TIFFTAG_IMAGELENGTH, 0) != canvas_.height)
      fail_broken("its tags disagree about the size");
  }

  bool has_bands() const {
    switch (header_.layout.raw.mode) {
      case Mode::i:
      case Mode::f:
      case Mode::i16:
      case Mode::i16b:
        return false;
      default:
        return true;
    }
  }

  /// Samples stored apart: each plane fills one band.
  void start_bands() {
    sample_bytes_ =
        field_or_default<std::uint16_t>(TIFFTAG_BITSPERSAMPLE, 8) / 8U;
    if (sample_bytes_ != 1 && sample_bytes_ != 2)
      fail_broken("samples stored apart have neither 8 nor 16 bits");
    bands_ = canvas_.pixel_bytes;
  }

  /// Bits of a row that one plane holds, as the layout counts them.
  std::uint64_t plane_bits(std::uint64_t pixels) const {
    return pixels * header_.layout.raw.bits / bands_;
  }

  void put_row(const std::uint8_t* row, std::size_t x, std::size_t y,
               std::size_t width, std::size_t band) {
    auto* out = canvas_.at(x, y);
    if (bands_ == 1) return unpack_tiff_row(header_.layout, row, width, out);
    constexpr bool is_little = std::endian::native == std::endian::little;
    const std::size_t high = sample_bytes_ == 2 && is_little ? 1 : 0;
    for (std::size_t i = 0; i < width; ++i)
      out[i * bands_ + band] = row[i * sample_bytes_ + high];
  }

  void read_strips() {
    auto rows = field<std::uint32_t>(TIFFTAG_ROWSPERSTRIP,
                                     std::numeric_limits<std::uint32_t>::max());
    if (rows == std::numeric_limits<std::uint32_t>::max())
      rows = static_cast<std::uint32_t>(canvas_.height);
    const auto strip_bytes = TIFFStripSize(tiff_.get());
    const auto row_bytes = TIFFScanlineSize(tiff_.get());
    const auto expected = (plane_bits(canvas_.width) + 7) / 8;
    if (rows == 0 || strip_bytes <= 0 || strip_bytes >= int_max ||
        rows > int_max ||
        static_cast<std::uint64_t>(strip_bytes) > expected * rows ||
        row_bytes <= 0 || expected > static_cast<std::uint64_t>(row_bytes))
      fail_broken("its strips have an unexpected size");
    const auto stride = static_cast<std::size_t>(row_bytes);
    const auto buffer_bytes =
        std::max(static_cast<std::size_t>(strip_bytes),
                 stride * std::min<std::size_t>(rows, canvas_.height));
    check_buffer(buffer_bytes);
    std::vector<std::uint8_t> strip(buffer_bytes);
    for (std::size_t y = 0; y < canvas_.height; y += rows)
      for (std::size_t band = 0; band < bands_; ++band) {
        const auto number =
            TIFFComputeStrip(tiff_.get(), static_cast<std::uint32_t>(y),
                             static_cast<std::uint16_t>(band));
        if (TIFFReadEncodedStrip(tiff_.get(), number, strip.data(),
                                 strip_bytes) == -1)
          fail_broken("a strip cannot be decoded");
        const auto count = std::min<std::size_t>(rows, canvas_.height - y);
        for (std::size_t i = 0; i < count; ++i)
          put_row(strip.data() + i * stride, 0, y + i, canvas_.width, band);
      }
  }

  void read_tiles() {
    const auto tile_bytes = TIFFTileSize(tiff_.get());
    const auto row_bytes = TIFFTileRowSize(tiff_.get());
    const std::size_t width = field<std::uint32_t>(TIFFTAG_TILEWIDTH, 0);
    const std::size_t length = field<std::uint32_t>(TIFFTAG_TILELENGTH, 0);
    const auto expected = (plane_bits(length) + 7) / 8 * width;
    if (tile_bytes <= 0 || tile_bytes >= int_max || row_bytes <= 0 ||
        row_bytes > tile_bytes || width > int_max || length > int_max ||
        static_cast<std::uint64_t>(tile_bytes) > expected)
      fail_broken("its tiles have an unexpected size");
    const auto stride = static_cast<std::size_t>(row_bytes);
    const auto needed = stride * std::min(length, canvas_.height);
    if (static_cast<std::size_t>(tile_bytes) / tile_slack >
        canvas_.pixels.size() + tile_slack)
      fail_broken("its tiles are far larger than the picture");
    if ((plane_bits(std::min(width, canvas_.width)) + 7) / 8 > stride)
      fail_broken("its tiles have an unexpected size");
    const auto buffer_bytes =
        std::max(static_cast<std::size_t>(tile_bytes), needed);
    check_buffer(buffer_bytes);
    std::vector<std::uint8_t> tile(buffer_bytes);
    for (std::size_t y = 0; y < canvas_.height; y += length)
      for (std::size_t band = 0; band < bands_; ++band)
        for (std::size_t x = 0; x < canvas_.width; x += width) {
          if (TIFFReadTile(tiff_.get(), tile.data(),
                           static_cast<std::uint32_t>(x),
                           static_cast<std::uint32_t>(y), 0,
                           static_cast<std::uint16_t>(band)) == -1)
            fail_broken("a tile cannot be decoded");
          for (std::size_t i = 0; i < std::min(length, canvas_.height - y); ++i)
            put_row(tile.data() + i * stride, x, y + i,
                    std::min(width, canvas_.width - x), band);
        }
  }

  void read_as_rgba() {
    std::array<char, 1024> message{};
    TIFFRGBAImage picture;
    if (!TIFFRGBAImageOK(tiff_.get(), message.data()) ||
        !TIFFRGBAImageBegin(&picture, tiff_.get(), 0, message.data()))
      fail_broken(message.data());
    const std::unique_ptr<TIFFRGBAImage, decltype(&TIFFRGBAImageEnd)> guard(
        &picture, TIFFRGBAImageEnd);
    picture.req_orientation = ORIENTATION_TOPLEFT;
    picture.col_offset = 0;
    const auto block = static_cast<std::uint32_t>(
        std::min<std::size_t>(rows_per_block(), canvas_.height));
    check_buffer(canvas_.width * block * sizeof(std::uint32_t));
    std::vector<std::uint32_t> pixels(canvas_.width * block);
    for (std::size_t y = 0; y < canvas_.height; y += block) {
      const auto count = static_cast<std::uint32_t>(
          std::min<std::size_t>(block, canvas_.height - y));
      picture.row_offset = static_cast<int>(y);
      if (!TIFFRGBAImageGet(&picture, pixels.data(), picture.width, count))
        fail_broken("the pixels cannot be decoded");
      for (std::size_t i = 0; i < count * canvas_.width; ++i) {
        auto* out = canvas_.at(0, y) + i * canvas_.pixel_bytes;
        out[0] = static_cast<std::uint8_t>(TIFFGetR(pixels[i]));
        out[1] = static_cast<std::uint8_t>(TIFFGetG(pixels[i]));
        out[2] = static_cast<std::uint8_t>(TIFFGetB(pixels[i]));
      }
    }
  }

  /// What is decoded at once, beside the picture itself.
  void check_buffer(std::size_t size) const {
    if (size + canvas_.pixels.size() > memory_limit_bytes)
      fail(ErrorKind::unsupported,
           "strips or tiles of {} bytes for a picture of {}, together more "
           "than the limit of {}",
           size, canvas_.pixels.size(), memory_limit_bytes);
  }

  std::size_t rows_per_block() {
    const std::size_t rows = field_or_default<std::uint32_t>(
        TIFFIsTiled(tiff_.get()) ? TIFFTAG_TILELENGTH : TIFFTAG_ROWSPERSTRIP,
        0);
    const bool is_unknown =
        rows == 0 || rows == std::numeric_limits<std::uint32_t>::max();
    if (!is_unknown && canvas_.width * 4 > int_max / rows)
      fail_broken("its strips are too large");
    return is_unknown ? canvas_.height : rows;
  }

  /// Planes of colours that were multiplied by their alpha.
  void unpremultiply() {
    const std::uint16_t* kinds = nullptr;
    std::uint16_t count = 0;
    TIFFGetFieldDefaulted(tiff_.get(), TIFFTAG_EXTRASAMPLES, &count, &kinds);
    if (count == 0 || (kinds[0] != EXTRASAMPLE_UNSPECIFIED &&
                       kinds[0] != EXTRASAMPLE_ASSOCALPHA))
      return;
    for (std::size_t i = 0; i < canvas_.pixels.size(); i += 4)
      divide_by_alpha(bytes_of(canvas_.pixels) + i);
  }

  static constexpr tmsize_t int_max = std::numeric_limits<int>::max();

  /// How many times larger than the picture a tile may be, and then some.
  static constexpr std::size_t tile_slack = 4096;

  static constexpr std::size_t memory_limit_bytes = std::size_t{960} << 20;

  Source source_;
  Tiff tiff_;
  const TiffHeader& header_;
  TiffCanvas& canvas_;
  std::size_t bands_ = 1;
  std::size_t sample_bytes_ = 1;
};

}  // namespace

void read_tiff_by_library(Bytes file, const TiffHeader& header,
                          TiffCanvas& canvas) {
  Reader(file, header, canvas).run();
}

}  // namespace igrot

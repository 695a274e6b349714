// Pictures: opened by content, converted, cut to a model's square.
//
// Pixels agree bit for bit with Pillow 9.4 (docs/images.md lists the rules).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "igrot/tensor.h"

namespace igrot {

/// How pixels are stored, as PIL names it.
enum class Mode {
  bilevel,  ///< one bit a pixel, most significant first, rows padded to bytes
  l,        ///< gray
  la,       ///< gray, alpha
  p,        ///< index into the palette
  rgb,
  rgba,
  cmyk,  ///< ink: 0 is none
  i,     ///< int32, native order
  i16,   ///< uint16, native order
  i16b,  ///< uint16, big-endian
  f,     ///< float32, native order
  pa,    ///< index, alpha
  rgbx,  ///< rgb and a byte that means nothing
};

/// One row a mode. `bytes_per_pixel` is 0 for bilevel, whose pixels are bits.
struct ModeRow {
  Mode mode;
  std::string_view name;
  std::size_t bytes_per_pixel;
};

inline constexpr std::array modes{
    ModeRow{Mode::bilevel, "1", 0}, ModeRow{Mode::l, "L", 1},
    ModeRow{Mode::la, "LA", 2},     ModeRow{Mode::p, "P", 1},
    ModeRow{Mode::rgb, "RGB", 3},   ModeRow{Mode::rgba, "RGBA", 4},
    ModeRow{Mode::cmyk, "CMYK", 4}, ModeRow{Mode::i, "I", 4},
    ModeRow{Mode::i16, "I;16", 2},  ModeRow{Mode::i16b, "I;16B", 2},
    ModeRow{Mode::f, "F", 4},       ModeRow{Mode::pa, "PA", 2},
    ModeRow{Mode::rgbx, "RGBX", 4},
};

/// The row of a mode.
constexpr const ModeRow& describe(Mode mode) {
  return modes[static_cast<std::size_t>(mode)];
}

/// Bytes of one row of `width` pixels.
constexpr std::size_t row_bytes(Mode mode, std::size_t width) {
  return mode == Mode::bilevel ? (width + 7) / 8
                               : width * describe(mode).bytes_per_pixel;
}

/// How a picture is made less oblong before it is resized.
enum class Pad {
  target,  ///< where longer : shorter reaches the ratio, black brings it to it
  square,  ///< black makes it square
  none,
};

struct PadRow {
  Pad pad;
  std::string_view name;
};

inline constexpr std::array pads{
    PadRow{Pad::target, "target"},
    PadRow{Pad::square, "square"},
    PadRow{Pad::none, "none"},
};

/// What becomes of transparency on the way to RGB.
enum class Alpha {
  drop,   ///< as PIL: hidden colours show
  white,  ///< as a person sees it on a white page
};

/// Whether the orientation a camera noted is applied.
enum class Exif { ignore, rotate };

/// Whether colours are brought from the profile a file carries to sRGB.
enum class Icc {
  ignore,  ///< as PIL: numbers are taken as they are
  apply,   ///< Little CMS, perceptual; docs/images.md says which modes
};

/// When a picture becomes RGB.
enum class Convert {
  first,      ///< before it is padded
  as_opened,  ///< after the crop: padding and resizing work on its own mode
};

/// How much of a JPEG is computed.
enum class Decode {
  exact,
  fast,  ///< at a half, a quarter or an eighth, where the picture stays large
};

struct OpenOptions {
  /// More pixels than this are refused before memory is taken for them. The
  /// default is where PIL raises DecompressionBombError.
  std::uint64_t pixel_limit = 178'956'970;

  /// Pixels that take more memory are refused. With what decoding and turning
  /// need besides, a picture stays below 1 GiB.
  std::uint64_t pixel_bytes_limit = std::uint64_t{480} << 20;

  /// Larger files are refused.
  std::uint64_t file_limit_bytes = std::uint64_t{1} << 30;

  Exif exif = Exif::ignore;
  Icc icc = Icc::ignore;
  Decode decode = Decode::exact;

  /// With Decode::fast: both sides stay at least this long.
  std::size_t fast_side = 448;
};

/// The colours behind the indices of modes P and PA. Entries a file does not
/// give stay gray (i, i, i), as in PIL.
struct Palette {
  Palette();

  std::array<std::array<std::uint8_t, 3>, 256> colors;
  std::array<std::uint8_t, 256> alphas;
};

/// What an Image is made of.
struct ImageParts {
  Mode mode = Mode::rgb;
  std::size_t width = 0;
  std::size_t height = 0;

  /// `height` rows of `row_bytes(mode, width)` bytes.
  std::vector<std::byte> pixels;

  /// Only modes P and PA have one.
  std::optional<Palette> palette;

  /// The one colour that is transparent: PNG's tRNS of bilevel (0 or 1), l, rgb
  /// and i. Gray uses the first number.
  std::optional<std::array<std::uint16_t, 3>> transparent;

  /// "JPEG", "PNG", ...; empty for pictures made in memory.
  std::string_view format;
};

/// Formats this build reads, by PIL's names.
std::span<const std::string_view> picture_formats();

/// A picture in memory. A value: copying copies. Safe to read from many
/// threads.
class Image {
 public:
  /// Throws Error: usage when the pixels do not fill the size.
  explicit Image(ImageParts parts);

  /// Reads a picture file; its content says which format it is. Of an animation
  /// the first frame. Errors name the file: not_found, io; unsupported (no
  /// known format, over a limit, a variant PIL does not read), corrupt (damaged
  /// where PIL refuses it).
  static Image open(const std::filesystem::path& path,
                    const OpenOptions& options = {});

  /// The same from bytes in memory.
  static Image decode(std::span<const std::byte> bytes,
                      const OpenOptions& options = {});

  Mode mode() const { return parts_.mode; }
  std::size_t width() const { return parts_.width; }
  std::size_t height() const { return parts_.height; }
  std::string_view format() const { return parts_.format; }
  const std::optional<Palette>& palette() const { return parts_.palette; }

  /// Row after row, as PIL's `tobytes()` has them.
  std::span<const std::byte> pixels() const { return parts_.pixels; }
  std::span<const std::byte> row(std::size_t y) const;

  /// PIL's `convert("RGB")`, or the picture laid on white.
  Image to_rgb(Alpha alpha = Alpha::drop) const;

  /// Whether laying it on white could differ from dropping transparency.
  bool has_transparency() const;

  const ImageParts& parts() const { return parts_; }

 private:
  ImageParts parts_;
};

/// From a picture to what a model sees. Defaults: method.md 3 and CLIP.
struct Preprocess {
  /// Side of the square, 1 to 16384.
  std::size_t side = 224;

  Pad pad = Pad::target;

  /// Of Pad::target: longer side to shorter; at least 1.
  double ratio = 1.25;

  Convert convert = Convert::as_opened;

  /// `white` acts before padding, whatever `convert` says.
  Alpha alpha = Alpha::drop;

  std::array<float, 3> mean{0.48145466F, 0.4578275F, 0.40821073F};
  std::array<float, 3> std{0.26862954F, 0.26130258F, 0.27577711F};
};

/// Pad, resize, crop, RGB: `side` x `side`, mode rgb. Throws Error: usage
/// (settings out of range), unsupported (I;16 as opened: PIL cannot resize it;
/// a side of over 2^20).
Image prepare_rgb(const Image& image, const Preprocess& preprocess);

/// prepare_rgb, scaled to 0..1 and normalised: [3, side, side].
Tensor prepare(const Image& image, const Preprocess& preprocess);

/// (v / 255 - mean) / std of every pixel of an RGB picture, channel after
/// channel. `out` holds 3 * width * height numbers.
void normalize_into(const Image& rgb, const Preprocess& preprocess,
                    std::span<float> out);

/// PIL's resize at the filter its mode gets: nearest for bilevel and P, bicubic
/// for the rest (premultiplied with alpha). Sizes from 1 to 2^20. Throws Error:
/// usage, unsupported (I;16, longer sides).
Image resize(const Image& image, std::size_t width, std::size_t height);

/// A PNG of 8 bits a channel: modes l, la, rgb, rgba. Throws Error: usage.
std::vector<std::byte> encode_png(const Image& image);

/// A baseline JPEG of mode l or rgb, quality 1 to 100. Throws Error: usage.
std::vector<std::byte> encode_jpeg(const Image& image, int quality);

/// encode_png into a file that appears when complete. Throws Error: usage, io.
void write_png(const std::filesystem::path& path, const Image& image);

}  // namespace igrot

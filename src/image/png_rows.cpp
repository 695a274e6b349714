#include "image/png_rows.h"

#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "image/decoder.h"

namespace igrot {
namespace {

// PIL inflates this much at a time. It shows: rows still inside zlib when a
// block is used up only come out with the next one.
constexpr std::uint64_t block_bytes = 65536;

/// The compressed bytes, chunk after chunk.
class Blocks {
 public:
  Blocks(PngChunks& chunks, PngHeader& header)
      : chunks_(chunks), header_(header), left_(header.data_bytes) {}

  Bytes next() {
    while (left_ == 0) next_chunk();
    const auto size = std::min<std::uint64_t>(block_bytes, left_);
    left_ -= size;
    const auto block = chunks_.take_some(size);
    if (block.empty()) fail_truncated();
    return block;
  }

  void skip_rest() { chunks_.take_some(left_); }

 private:
  [[noreturn]] void fail_truncated() const {
    fail(ErrorKind::corrupt, "the data end before the picture does");
  }

  void next_chunk() {
    chunks_.take_some(4);
    const auto chunk = chunks_.next();
    if (!chunk) fail_truncated();
    if (chunk->id == "fdAT") {
      read_png_sequence(chunks_, *chunk, header_);
      left_ = chunk->size - 4;
    } else if (chunk->id == "IDAT" || chunk->id == "DDAT") {
      left_ = chunk->size;
    } else {
      fail_truncated();
    }
  }

  PngChunks& chunks_;
  PngHeader& header_;
  std::uint64_t left_;
};

class Inflater {
 public:
  Inflater() {
    if (inflateInit(&stream_) != Z_OK)
      fail(ErrorKind::io, "zlib cannot be started");
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  void feed(Bytes block) {
    stream_.next_in = const_cast<Bytef*>(bytes_of(block));
    stream_.avail_in = static_cast<uInt>(block.size());
  }
  bool has_input() const { return stream_.avail_in > 0; }
  bool ended() const { return ended_; }

  /// Fills as much of `out` as the input gives; how much that was.
  std::size_t fill(std::span<std::uint8_t> out) {
    stream_.next_out = out.data();
    stream_.avail_out = static_cast<uInt>(out.size());
    const int result = inflate(&stream_, Z_NO_FLUSH);
    if (result < 0)
      fail(ErrorKind::corrupt, "broken data: {}",
           stream_.msg ? stream_.msg : zError(result));
    ended_ = result == Z_STREAM_END;
    return out.size() - stream_.avail_out;
  }

 private:
  z_stream stream_{};
  bool ended_ = false;
};

void add_paeth(std::uint8_t* row, const std::uint8_t* above, std::size_t size,
               std::size_t step) {
  for (std::size_t i = 0; i < std::min(step, size); ++i)
    row[i] = static_cast<std::uint8_t>(row[i] + above[i]);
  for (std::size_t i = step; i < size; ++i) {
    const int a = row[i - step];
    const int b = above[i];
    const int c = above[i - step];
    const int pa = std::abs(b - c);
    const int pb = std::abs(a - c);
    const int pc = std::abs(a + b - 2 * c);
    const int best = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    row[i] = static_cast<std::uint8_t>(row[i] + best);
  }
}

/// Undoes a row's filter (PNG 1.2, section 6). step: bytes to the left pixel.
void unfilter(unsigned filter, std::uint8_t* row, const std::uint8_t* above,
              std::size_t size, std::size_t step) {
  const auto left = [&](std::size_t i) { return i < step ? 0 : row[i - step]; };
  switch (filter) {
    case 0:
      return;
    case 1:
      for (std::size_t i = step; i < size; ++i)
        row[i] = static_cast<std::uint8_t>(row[i] + row[i - step]);
      return;
    case 2:
      for (std::size_t i = 0; i < size; ++i)
        row[i] = static_cast<std::uint8_t>(row[i] + above[i]);
      return;
    case 3:
      for (std::size_t i = 0; i < size; ++i)
        row[i] = static_cast<std::uint8_t>(row[i] + (left(i) + above[i]) / 2);
      return;
    case 4:
      return add_paeth(row, above, size, step);
    default:
      fail(ErrorKind::corrupt, "no row filter is numbered {}", filter);
  }
}

/// A pass of the interlaced order, or the whole picture.
struct Pass {
  std::uint32_t x, y, step_x, step_y;
};

constexpr std::array interlaced_passes{
    Pass{0, 0, 8, 8}, Pass{4, 0, 8, 8}, Pass{0, 4, 4, 8}, Pass{2, 0, 4, 4},
    Pass{0, 2, 2, 4}, Pass{1, 0, 2, 2}, Pass{0, 1, 1, 2},
};
constexpr std::array whole_picture{Pass{0, 0, 1, 1}};

/// How many of 0, step, 2 step, ... lie before the extent.
std::size_t steps_in(std::uint32_t extent, std::uint32_t first,
                     std::uint32_t step) {
  return extent <= first ? 0 : (extent - first - 1) / step + 1;
}

/// Writes stored rows into the picture.
class Painter {
 public:
  Painter(const PngLayout& layout, ImageParts& parts)
      : layout_(layout),
        pixels_(bytes_of(parts.pixels)),
        stride_(row_bytes(parts.mode, parts.width)),
        pixel_bytes_(describe(parts.mode).bytes_per_pixel) {}

  void paint(const std::uint8_t* row, std::size_t count, std::size_t x,
             std::size_t y, std::size_t step) {
    auto* out = pixels_ + y * stride_;
    if (layout_.pixel == PngPixel::same && step == 1) {
      std::memcpy(out + x * pixel_bytes_, row, count * pixel_bytes_);
      return;
    }
    for (std::size_t i = 0; i < count; ++i, x += step)
      paint_one(row, i, out, x);
  }

 private:
  unsigned sample(const std::uint8_t* row, std::size_t i) const {
    const auto bit = i * layout_.bits;
    return row[bit / 8] >> (8 - layout_.bits - bit % 8) &
           ((1U << layout_.bits) - 1);
  }

  void paint_one(const std::uint8_t* row, std::size_t i, std::uint8_t* out,
                 std::size_t x) const {
    switch (layout_.pixel) {
      case PngPixel::same:
        std::memcpy(out + x * pixel_bytes_, row + i * pixel_bytes_,
                    pixel_bytes_);
        return;
      case PngPixel::bits:
        if (sample(row, i))
          out[x / 8] = static_cast<std::uint8_t>(out[x / 8] | 128 >> x % 8);
        return;
      case PngPixel::index:
        out[x] = static_cast<std::uint8_t>(sample(row, i));
        return;
      case PngPixel::scaled:
        out[x] = static_cast<std::uint8_t>(sample(row, i) * 255 /
                                           ((1U << layout_.bits) - 1));
        return;
      case PngPixel::wide: {
        const std::int32_t v = row[2 * i] << 8 | row[2 * i + 1];
        std::memcpy(out + 4 * x, &v, 4);
        return;
      }
      case PngPixel::high_bytes:
        for (std::size_t c = 0; c < pixel_bytes_; ++c)
          out[x * pixel_bytes_ + c] = row[2 * (i * pixel_bytes_ + c)];
        return;
      case PngPixel::gray_alpha_high_bytes:
        std::memset(out + 4 * x, row[4 * i], 3);
        out[4 * x + 3] = row[4 * i + 2];
        return;
    }
  }

  PngLayout layout_;
  std::uint8_t* pixels_;
  std::size_t stride_;
  std::size_t pixel_bytes_;
};

/// Rows come out one at a time; each needs the one above it in its pass.
class RowReader {
 public:
  RowReader(PngChunks& chunks, PngHeader& header, std::size_t max_row_bytes)
      : blocks_(chunks, header),
        row_(max_row_bytes + 1),
        above_(max_row_bytes + 1) {}

  /// The next row without its filter byte, or nothing when the data ended
  /// right before it.
  const std::uint8_t* next(std::size_t size, std::size_t step) {
    if (ended_) return nullptr;
    std::swap(row_, above_);
    std::size_t filled = 0;
    while (filled <= size) {
      if (!inflater_.has_input()) inflater_.feed(blocks_.next());
      filled +=
          inflater_.fill(std::span(row_).subspan(filled, size + 1 - filled));
      if (filled <= size) inflater_.feed(blocks_.next());
    }
    ended_ = inflater_.ended();
    unfilter(row_[0], row_.data() + 1, above_.data() + 1, size, step);
    return row_.data() + 1;
  }

  void start_pass() { std::ranges::fill(row_, std::uint8_t{0}); }
  void skip_rest() { blocks_.skip_rest(); }

 private:
  Blocks blocks_;
  Inflater inflater_;
  std::vector<std::uint8_t> row_;
  std::vector<std::uint8_t> above_;
  bool ended_ = false;
};

}  // namespace

void read_png_rows(PngChunks& chunks, PngHeader& header,
                   const PngLayout& layout, ImageParts& parts) {
  const auto frame =
      header.frame.value_or(PngFrame{0, 0, header.width, header.height});
  if (frame.width == 0 || frame.height == 0 ||
      std::uint64_t{frame.x} + frame.width > parts.width ||
      std::uint64_t{frame.y} + frame.height > parts.height)
    fail(ErrorKind::corrupt, "the first frame has no place in the picture");
  const auto bytes_in_row = [&](std::size_t count) {
    return (count * layout.bits + 7) / 8;
  };
  const std::size_t step = (layout.bits + 7) / 8;
  const std::span<const Pass> passes =
      header.interlaced ? std::span<const Pass>(interlaced_passes)
                        : std::span<const Pass>(whole_picture);
  RowReader rows(chunks, header, bytes_in_row(frame.width));
  Painter painter(layout, parts);
  for (const auto& pass : passes) {
    const auto count = steps_in(frame.width, pass.x, pass.step_x);
    if (count == 0) continue;
    rows.start_pass();
    for (auto y = pass.y; y < frame.height; y += pass.step_y) {
      const auto* row = rows.next(bytes_in_row(count), step);
      if (!row) return rows.skip_rest();
      painter.paint(row, count, frame.x + pass.x, frame.y + y, pass.step_x);
    }
  }
  rows.skip_rest();
}

}  // namespace igrot

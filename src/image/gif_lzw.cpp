#include "image/gif_lzw.h"

#include <algorithm>

#include "image/decoder.h"

namespace igrot {
namespace {

constexpr unsigned max_code_bits = 12;
constexpr std::size_t table_size = std::size_t{1} << max_code_bits;

// What PIL hands its decoder at a time. After the code that ends the data PIL
// goes on with the next portion while there is one.
constexpr std::size_t portion_bytes = 65536;

/// The codes, taken out of the sub-blocks.
class Codes {
 public:
  explicit Codes(Bytes data)
      : data_(data), visible_(std::min(portion_bytes, data.size())) {}

  unsigned next(unsigned bits) {
    while (bit_count_ < bits) {
      if (block_left_ == 0) {
        open_block();
        continue;
      }
      buffer_ |= static_cast<std::uint32_t>(data_[at_++]) << bit_count_;
      bit_count_ += 8;
      --block_left_;
    }
    const auto code = buffer_ & ((1U << bits) - 1);
    buffer_ >>= bits;
    bit_count_ -= bits;
    return code;
  }

  /// Makes more of the file visible; corrupt at its end.
  void next_portion() {
    if (visible_ == data_.size())
      fail(ErrorKind::corrupt, "the data end before the picture does");
    visible_ += std::min(portion_bytes, data_.size() - visible_);
  }

 private:
  // A block is only begun when all of it is visible.
  void open_block() {
    while (visible_ - at_ < 1 ||
           visible_ - at_ < 1 + static_cast<std::size_t>(data_[at_]))
      next_portion();
    block_left_ = static_cast<std::size_t>(data_[at_++]);
  }

  Bytes data_;
  std::size_t visible_;
  std::size_t at_ = 0;
  std::size_t block_left_ = 0;
  std::uint32_t buffer_ = 0;
  unsigned bit_count_ = 0;
};

/// Takes pixels in stored order; interlaced rows come in four passes.
class Canvas {
 public:
  Canvas(const GifFrame& frame, ImageParts& parts)
      : frame_(frame),
        first_(bytes_of(parts.pixels) + frame.y * parts.width + frame.x),
        stride_(parts.width),
        step_(frame.interlaced ? 8 : 1),
        pass_(frame.interlaced ? 0 : last_pass) {}

  bool is_full() const { return row_ >= frame_.height; }

  void put(std::uint8_t value) {
    first_[row_ * stride_ + column_] = value;
    if (++column_ < frame_.width) return;
    column_ = 0;
    row_ += step_;
    while (is_full() && pass_ < last_pass) {
      ++pass_;
      step_ = 16U >> pass_;
      row_ = 8U >> pass_;
    }
  }

 private:
  static constexpr unsigned last_pass = 3;

  GifFrame frame_;
  std::uint8_t* first_;
  std::size_t stride_;
  std::size_t step_;
  unsigned pass_;
  std::size_t row_ = 0;
  std::size_t column_ = 0;
};

class LzwDecoder {
 public:
  LzwDecoder(Bytes data, const GifFrame& frame, ImageParts& parts)
      : codes_(data), canvas_(frame, parts), code_bits_(frame.code_bits) {}

  void run() {
    reset();
    while (!canvas_.is_full()) {
      const auto code = codes_.next(bits_);
      if (code == clear())
        reset();
      else if (code == clear() + 1)
        codes_.next_portion();
      else if (fresh_)
        start(code);
      else
        extend(code);
    }
  }

 private:
  std::size_t clear() const { return std::size_t{1} << code_bits_; }

  [[noreturn]] static void fail_broken() {
    fail(ErrorKind::corrupt, "the compressed data are broken");
  }

  void reset() {
    next_ = clear() + 2;
    bits_ = code_bits_ + 1;
    fresh_ = true;
  }

  void start(std::size_t code) {
    if (code > clear()) fail_broken();
    fresh_ = false;
    last_code_ = code;
    last_pixel_ = static_cast<std::uint8_t>(code);
    canvas_.put(last_pixel_);
  }

  /// The string of a code but for its first pixel, which becomes `last_pixel_`.
  /// It stands at the end of `string_`; the result is where it begins.
  std::size_t unfold(std::size_t code) {
    auto begin = table_size;
    const auto push = [&](std::uint8_t pixel) {
      if (begin == 0) fail_broken();
      string_[--begin] = pixel;
    };
    if (code > next_) fail_broken();
    if (code == next_) {
      push(last_pixel_);
      code = last_code_;
    }
    while (code >= clear()) {
      if (code >= table_size) fail_broken();
      push(pixels_[code]);
      code = links_[code];
    }
    last_pixel_ = static_cast<std::uint8_t>(code);
    return begin;
  }

  void extend(std::size_t code) {
    const auto begin = unfold(code);
    add_entry();
    last_code_ = code;
    canvas_.put(last_pixel_);
    for (auto i = begin; i < table_size && !canvas_.is_full(); ++i)
      canvas_.put(string_[i]);
  }

  void add_entry() {
    if (next_ >= table_size) return;
    pixels_[next_] = last_pixel_;
    links_[next_] = static_cast<std::uint16_t>(last_code_);
    if (next_ == (std::size_t{1} << bits_) - 1 && bits_ < max_code_bits)
      ++bits_;
    ++next_;
  }

  Codes codes_;
  Canvas canvas_;
  unsigned code_bits_;
  unsigned bits_ = 0;
  bool fresh_ = true;
  std::size_t next_ = 0;
  std::size_t last_code_ = 0;
  std::uint8_t last_pixel_ = 0;
  std::array<std::uint16_t, table_size> links_{};
  std::array<std::uint8_t, table_size> pixels_{};
  std::array<std::uint8_t, table_size> string_{};
};

}  // namespace

void read_gif_frame(Bytes data, const GifFrame& frame, ImageParts& parts) {
  if (frame.code_bits > max_code_bits)
    fail(ErrorKind::corrupt, "codes of {} bits, at most {} expected",
         frame.code_bits, max_code_bits);
  LzwDecoder(data, frame, parts).run();
}

}  // namespace igrot

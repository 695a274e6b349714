#include "image/bmp_rle.h"

#include <algorithm>

namespace igrot {
namespace {

class Unpacker {
 public:
  Unpacker(Bytes data, std::uint64_t offset, std::size_t width,
           std::size_t height, unsigned bits)
      : data_(data),
        offset_(offset),
        width_(width),
        total_(width * height),
        bits_(bits) {}

  std::vector<std::byte> run() {
    while (out_.size() < total_ && step()) {
    }
    if (out_.size() < total_)
      fail(ErrorKind::corrupt, "the runs end after {} of {} pixels",
           out_.size(), total_);
    return std::move(out_);
  }

 private:
  enum Code : unsigned { end_of_line = 0, end_of_picture = 1, delta = 2 };

  /// False when there is no more to read.
  bool step() {
    if (data_.size() - at_ < 2) return false;
    const auto count = static_cast<std::size_t>(data_[at_]);
    const auto second = data_[at_ + 1];
    at_ += 2;
    if (count > 0) {
      repeat(count, second);
      return true;
    }
    switch (static_cast<unsigned>(second)) {
      case end_of_line:
        if (const auto used = out_.size() % width_; used != 0)
          append_zeros(width_ - used);
        x_ = 0;
        return true;
      case end_of_picture:
        return false;
      case delta:
        return move();
      default:
        return copy(static_cast<std::size_t>(second));
    }
  }

  void repeat(std::size_t count, std::byte value) {
    count = std::min(count, width_ - std::min(x_, width_));
    const std::byte first = bits_ == 4 ? value >> 4 : value;
    const std::byte second = bits_ == 4 ? value & std::byte{15} : value;
    for (std::size_t i = 0; i < count; ++i)
      out_.push_back(i % 2 == 0 ? first : second);
    x_ += count;
  }

  // PIL reads two bytes, drops them, and takes the next two for the distance.
  bool move() {
    if (data_.size() - at_ < 2) return false;
    at_ += 2;
    const auto distance = subspan(data_, at_, 2, "a run's delta");
    at_ += 2;
    append_zeros(static_cast<std::size_t>(distance[0]) +
                 static_cast<std::size_t>(distance[1]) * width_);
    x_ = out_.size() % width_;
    return true;
  }

  bool copy(std::size_t count) {
    const auto size = bits_ == 4 ? count / 2 : count;
    const auto part = data_.subspan(at_, std::min(size, data_.size() - at_));
    at_ += part.size();
    for (const auto value : part) {
      if (bits_ == 4) out_.push_back(value >> 4);
      out_.push_back(bits_ == 4 ? value & std::byte{15} : value);
    }
    if (part.size() < size) return false;
    x_ += count;
    if ((offset_ + at_) % 2 != 0) at_ = std::min(at_ + 1, data_.size());
    return true;
  }

  void append_zeros(std::size_t count) {
    out_.resize(out_.size() + std::min(count, total_ - out_.size()));
  }

  Bytes data_;
  std::uint64_t offset_;
  std::size_t width_;
  std::size_t total_;
  unsigned bits_;
  std::size_t at_ = 0;
  std::size_t x_ = 0;  // of the next pixel, as PIL counts it
  std::vector<std::byte> out_;
};

}  // namespace

std::vector<std::byte> unpack_bmp_runs(Bytes data, std::uint64_t offset,
                                       std::size_t width, std::size_t height,
                                       unsigned bits) {
  return Unpacker(data, offset, width, height, bits).run();
}

}  // namespace igrot

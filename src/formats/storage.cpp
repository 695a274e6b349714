#include "formats/storage.h"

#include <zlib.h>

#include <algorithm>
#include <limits>

namespace igrot {
namespace {

/// zlib's state for raw deflate, released on every way out.
class InflateStream {
 public:
  InflateStream() {
    if (inflateInit2(&stream_, -MAX_WBITS) != Z_OK)
      fail(ErrorKind::io, "zlib cannot start");
  }
  InflateStream(const InflateStream&) = delete;
  InflateStream& operator=(const InflateStream&) = delete;
  ~InflateStream() { inflateEnd(&stream_); }

  z_stream* operator->() { return &stream_; }
  int run() { return ::inflate(&stream_, Z_NO_FLUSH); }

 private:
  z_stream stream_{};
};

// zlib counts in 32 bits.
constexpr std::size_t piece = std::numeric_limits<uInt>::max() / 2;

/// Inflates into exactly `target.size()` bytes.
void inflate_all(Bytes source, std::span<std::byte> target) {
  InflateStream stream;
  // One byte more than is declared, so that a stream that holds more shows.
  std::byte beyond{};
  auto room = target;
  int status = Z_OK;
  while (status == Z_OK) {
    auto in = source.first(std::min(source.size(), piece));
    auto out = room.empty() ? std::span(&beyond, 1)
                            : room.first(std::min(room.size(), piece));
    stream->next_in =
        reinterpret_cast<Bytef*>(const_cast<std::byte*>(in.data()));
    stream->avail_in = static_cast<uInt>(in.size());
    stream->next_out = reinterpret_cast<Bytef*>(out.data());
    stream->avail_out = static_cast<uInt>(out.size());
    status = stream.run();
    const auto written = out.size() - stream->avail_out;
    source = source.subspan(in.size() - stream->avail_in);
    if (room.empty() && written > 0)
      fail(ErrorKind::corrupt, "inflates to more than the {} bytes declared",
           target.size());
    if (!room.empty()) room = room.subspan(written);
  }
  if (status != Z_STREAM_END)
    fail(ErrorKind::corrupt, "its deflate stream is damaged");
  if (!room.empty())
    fail(ErrorKind::corrupt, "inflates to {} bytes, expected {}",
         target.size() - room.size(), target.size());
  if (!source.empty())
    fail(ErrorKind::corrupt, "{} bytes follow its deflate stream",
         source.size());
}

void check_crc(Bytes bytes, std::uint32_t expected) {
  const auto found = static_cast<std::uint32_t>(
      ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
  if (found != expected)
    fail(ErrorKind::corrupt, "its CRC-32 is {:08x}, expected {:08x}", found,
         expected);
}

}  // namespace

Bytes Storage::bytes() const {
  const std::lock_guard lock(mutex_);
  if (ready_) return unpacked();
  try {
    if (packed_.deflated) {
      std::vector<std::byte> target(packed_.size_bytes);
      inflate_all(packed_.bytes, target);
      inflated_ = std::move(target);
    }
    if (packed_.crc) check_crc(unpacked(), *packed_.crc);
  } catch (const Error& error) {
    throw error.at(packed_.name);
  }
  ready_ = true;
  return unpacked();
}

}  // namespace igrot

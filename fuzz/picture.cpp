// Any bytes as a picture, and on to a model's pixels.
#include "fuzz/scratch.h"
#include "igrot/image.h"

namespace {

/// Small enough for many pictures a second.
constexpr std::uint64_t pixel_limit = 1U << 20;

void read_as(igrot::OpenOptions options, std::span<const std::byte> bytes) {
  options.pixel_limit = pixel_limit;
  igrot::fuzz::expect_value_or_error([&] {
    const auto image = igrot::Image::decode(bytes, options);
    igrot::Preprocess preprocess;
    preprocess.side = 32;
    igrot::prepare(image, preprocess);
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  read_as({}, bytes);
  igrot::OpenOptions quick;
  quick.exif = igrot::Exif::rotate;
  quick.icc = igrot::Icc::apply;
  quick.decode = igrot::Decode::fast;
  quick.fast_side = 16;
  read_as(quick, bytes);
  return 0;
}

// Any bytes as the EXIF block of a picture.
#include "image/exif.h"

#include "fuzz/scratch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const auto block = std::as_bytes(std::span(data, size));
  const auto orientation = igrot::exif_orientation(block);
  if (orientation < 1 || orientation > 8) std::abort();
  const std::uint16_t tag =
      size < 2 ? 0 : static_cast<std::uint16_t>(data[0] << 8 | data[1]);
  igrot::directory_number(block, tag);
  return 0;
}

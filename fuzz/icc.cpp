// Any bytes as the colour profile of a small picture. The first byte says of
// which mode.
#include "image/icc.h"

#include "fuzz/scratch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace igrot;
  if (size == 0) return 0;
  constexpr std::size_t side = 4;
  ImageParts parts;
  parts.mode = modes[data[0] % modes.size()].mode;
  parts.width = side;
  parts.height = side;
  parts.pixels.resize(side * row_bytes(parts.mode, side));
  for (std::size_t i = 0; i < parts.pixels.size(); ++i)
    parts.pixels[i] = static_cast<std::byte>(37 * i);
  if (parts.mode == Mode::p || parts.mode == Mode::pa) parts.palette.emplace();
  fuzz::expect_value_or_error([&] {
    const Image image(in_srgb(std::move(parts),
                              std::as_bytes(std::span(data + 1, size - 1))));
    image.to_rgb();
  });
  return 0;
}

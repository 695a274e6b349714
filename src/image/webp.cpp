// WebP by libwebp: always through its animation decoder, as PIL does, which
// refuses incomplete files and lays the first frame on the whole canvas.
#include <webp/decode.h>
#include <webp/demux.h>

#include <cstring>
#include <memory>

#include "image/decoder.h"
#include "image/exif.h"
#include "image/optional_formats.h"

namespace igrot {
namespace {

using Demuxer = std::unique_ptr<WebPDemuxer, decltype(&WebPDemuxDelete)>;
using Animation =
    std::unique_ptr<WebPAnimDecoder, decltype(&WebPAnimDecoderDelete)>;

/// The first chunk of that name; empty when there is none.
std::vector<std::byte> chunk_of(const WebPDemuxer* demuxer, const char* name) {
  WebPChunkIterator chunk;
  if (!WebPDemuxGetChunk(demuxer, name, 1, &chunk)) return {};
  const auto bytes =
      std::as_bytes(std::span(chunk.chunk.bytes, chunk.chunk.size));
  std::vector<std::byte> copy(bytes.begin(), bytes.end());
  WebPDemuxReleaseChunkIterator(&chunk);
  return copy;
}

bool has_alpha(const WebPData& data) {
  WebPBitstreamFeatures features;
  return WebPGetFeatures(data.bytes, data.size, &features) != VP8_STATUS_OK ||
         features.has_alpha;
}

}  // namespace

bool is_webp(Bytes file) {
  if (file.size() < 16 || !starts_with(file, "RIFF") ||
      !starts_with(file.subspan(8), "WEBP"))
    return false;
  const auto kind = as_text(file.subspan(12, 4));
  return kind == "VP8 " || kind == "VP8X" || kind == "VP8L";
}

Decoded decode_webp(Bytes file, const OpenOptions& options) {
  const WebPData data{bytes_of(file), file.size()};
  const Demuxer demuxer(WebPDemux(&data), WebPDemuxDelete);
  if (!demuxer) fail(ErrorKind::corrupt, "the file is damaged or incomplete");
  // libwebp keeps three pictures of four bytes a pixel at once.
  check_costly_size(WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_WIDTH),
                    WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_HEIGHT), 4,
                    options);

  const Animation animation(WebPAnimDecoderNew(&data, nullptr),
                            WebPAnimDecoderDelete);
  WebPAnimInfo info;
  if (!animation || !WebPAnimDecoderGetInfo(animation.get(), &info))
    fail(ErrorKind::corrupt, "the file is damaged");
  std::uint8_t* pixels = nullptr;
  int time = 0;
  if (!WebPAnimDecoderGetNext(animation.get(), &pixels, &time))
    fail(ErrorKind::corrupt, "the first frame cannot be decoded");

  Decoded decoded;
  decoded.orientation = exif_orientation(chunk_of(demuxer.get(), "EXIF"));
  if (options.icc == Icc::apply)
    decoded.profile = chunk_of(demuxer.get(), "ICCP");
  auto& parts = decoded.parts;
  parts = blank(has_alpha(data) ? Mode::rgba : Mode::rgb, info.canvas_width,
                info.canvas_height);
  auto* out = bytes_of(parts.pixels);
  if (parts.mode == Mode::rgba)
    std::memcpy(out, pixels, parts.pixels.size());
  else
    for (std::size_t i = 0; i < parts.width * parts.height; ++i)
      std::memcpy(out + 3 * i, pixels + 4 * i, 3);
  return decoded;
}

}  // namespace igrot

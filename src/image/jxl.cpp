// JPEG XL by libjxl: the first frame, turned as its header says (the format
// demands it), 8 bits a channel.
#include <jxl/decode.h>
#include <jxl/encode.h>

#include <memory>

#include "image/optional_formats.h"

namespace igrot {
namespace {

using JxlReader = std::unique_ptr<JxlDecoder, decltype(&JxlDecoderDestroy)>;

struct LayoutRow {
  std::uint32_t colours;
  bool has_alpha;
  Mode mode;
};

constexpr std::array layouts{
    LayoutRow{1, false, Mode::l},
    LayoutRow{1, true, Mode::la},
    LayoutRow{3, false, Mode::rgb},
    LayoutRow{3, true, Mode::rgba},
};

Mode mode_of(const JxlBasicInfo& info) {
  for (const auto& row : layouts)
    if (row.colours == info.num_color_channels &&
        row.has_alpha == (info.alpha_bits > 0))
      return row.mode;
  fail(ErrorKind::unsupported, "{} colours a pixel, expected 1 or 3",
       info.num_color_channels);
}

void refuse_ink(const JxlDecoder* decoder, std::uint32_t channels) {
  for (std::size_t i = 0; i < channels; ++i) {
    JxlExtraChannelInfo info;
    if (JxlDecoderGetExtraChannelInfo(decoder, i, &info) == JXL_DEC_SUCCESS &&
        info.type == JXL_CHANNEL_BLACK)
      fail(ErrorKind::unsupported, "it is made for print (CMYK)");
  }
}

/// What the events of one decoding fill in.
struct Picture {
  JxlBasicInfo info{};
  ImageParts parts;
  std::vector<std::byte> profile = {};

  JxlPixelFormat format() const {
    const auto channels = describe(parts.mode).bytes_per_pixel;
    return {static_cast<std::uint32_t>(channels), JXL_TYPE_UINT8,
            JXL_NATIVE_ENDIAN, 0};
  }
};

void read_info(JxlDecoder* decoder, const OpenOptions& options,
               Picture& picture) {
  if (JxlDecoderGetBasicInfo(decoder, &picture.info) != JXL_DEC_SUCCESS)
    fail(ErrorKind::corrupt, "the header is damaged");
  const auto& info = picture.info;
  check_costly_size(
      info.xsize, info.ysize,
      std::uint64_t{info.num_color_channels} + info.num_extra_channels,
      options);
  refuse_ink(decoder, info.num_extra_channels);
  picture.parts.mode = mode_of(info);
}

void take_profile(JxlDecoder* decoder, Picture& picture) {
  const auto format = picture.format();
  std::size_t size = 0;
  if (JxlDecoderGetICCProfileSize(decoder, &format,
                                  JXL_COLOR_PROFILE_TARGET_DATA,
                                  &size) != JXL_DEC_SUCCESS)
    return;
  picture.profile.resize(size);
  if (JxlDecoderGetColorAsICCProfile(
          decoder, &format, JXL_COLOR_PROFILE_TARGET_DATA,
          reinterpret_cast<std::uint8_t*>(picture.profile.data()),
          size) != JXL_DEC_SUCCESS)
    picture.profile.clear();
}

// Colours that libjxl computes anew come as sRGB. Those that were stored as
// they are stay so, in their profile.
void choose_colours(JxlDecoder* decoder, const OpenOptions& options,
                    Picture& picture) {
  if (picture.info.uses_original_profile) {
    if (options.icc == Icc::apply) take_profile(decoder, picture);
    return;
  }
  JxlColorEncoding srgb;
  JxlColorEncodingSetToSRGB(&srgb, picture.info.num_color_channels == 1);
  JxlDecoderSetPreferredColorProfile(decoder, &srgb);
}

void take_pixels(JxlDecoder* decoder, Picture& picture) {
  picture.parts =
      blank(picture.parts.mode, picture.info.xsize, picture.info.ysize);
  const auto format = picture.format();
  auto& pixels = picture.parts.pixels;
  std::size_t size = 0;
  if (JxlDecoderImageOutBufferSize(decoder, &format, &size) !=
          JXL_DEC_SUCCESS ||
      size != pixels.size() ||
      JxlDecoderSetImageOutBuffer(decoder, &format, pixels.data(), size) !=
          JXL_DEC_SUCCESS)
    fail(ErrorKind::corrupt, "its headers disagree about the size");
}

void start(JxlDecoder* decoder, Bytes file) {
  constexpr int events =
      JXL_DEC_BASIC_INFO | JXL_DEC_COLOR_ENCODING | JXL_DEC_FULL_IMAGE;
  if (!decoder ||
      JxlDecoderSubscribeEvents(decoder, events) != JXL_DEC_SUCCESS ||
      JxlDecoderSetUnpremultiplyAlpha(decoder, JXL_TRUE) != JXL_DEC_SUCCESS ||
      JxlDecoderSetInput(decoder, bytes_of(file), file.size()) !=
          JXL_DEC_SUCCESS)
    fail(ErrorKind::unsupported, "libjxl could not be started");
  JxlDecoderCloseInput(decoder);
}

}  // namespace

Decoded decode_jxl(Bytes file, const OpenOptions& options) {
  const JxlReader decoder(JxlDecoderCreate(nullptr), JxlDecoderDestroy);
  start(decoder.get(), file);
  Picture picture;
  for (;;) switch (JxlDecoderProcessInput(decoder.get())) {
      case JXL_DEC_BASIC_INFO:
        read_info(decoder.get(), options, picture);
        break;
      case JXL_DEC_COLOR_ENCODING:
        choose_colours(decoder.get(), options, picture);
        break;
      case JXL_DEC_NEED_IMAGE_OUT_BUFFER:
        take_pixels(decoder.get(), picture);
        break;
      case JXL_DEC_FULL_IMAGE:
        return {.parts = std::move(picture.parts),
                .profile = std::move(picture.profile)};
      case JXL_DEC_NEED_MORE_INPUT:
        fail(ErrorKind::corrupt, "the file ends before the picture does");
      default:
        fail(ErrorKind::corrupt, "the file is damaged");
    }
}

}  // namespace igrot

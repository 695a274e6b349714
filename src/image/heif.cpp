// HEIF and AVIF by libheif: the primary picture, cropped and turned as the file
// says (the format demands it), as RGB or RGBA of 8 bits.
#include <libheif/heif.h>

#include <cstring>
#include <memory>

#include "image/convert.h"
#include "image/optional_formats.h"

namespace igrot {
namespace {

/// Owns what one of libheif's functions made and another frees.
template <class Thing, auto free>
struct Freed {
  void operator()(const Thing* thing) const { free(const_cast<Thing*>(thing)); }
};
template <class Thing, auto free>
using Owned = std::unique_ptr<Thing, Freed<Thing, free>>;
using Context = Owned<heif_context, heif_context_free>;
using Handle = Owned<heif_image_handle, heif_image_handle_release>;
using Options = Owned<heif_decoding_options, heif_decoding_options_free>;
using Raster = Owned<heif_image, heif_image_release>;

void check(const heif_error& error) {
  if (error.code == heif_error_Ok) return;
  const bool is_sound = error.code == heif_error_Unsupported_filetype ||
                        error.code == heif_error_Unsupported_feature ||
                        error.code == heif_error_Memory_allocation_error;
  const std::string_view message = error.message;
  fail(is_sound ? ErrorKind::unsupported : ErrorKind::corrupt, "{}",
       message.substr(0, message.find('\n')));
}

Handle primary_picture(heif_context* context, Bytes file) {
  // Other pictures may be decoded meanwhile: no threads of its own.
  heif_context_set_max_decoding_threads(context, 0);
  check(heif_context_read_from_memory_without_copy(context, file.data(),
                                                   file.size(), nullptr));
  heif_image_handle* handle = nullptr;
  check(heif_context_get_primary_image_handle(context, &handle));
  return Handle(handle);
}

Raster decode(const heif_image_handle* handle, bool has_alpha) {
  const Options options(heif_decoding_options_alloc());
  // Of AV1's decoders dav1d, the default, prints and has threads of its own.
  options->decoder_id = "aom";
  heif_image* image = nullptr;
  check(heif_decode_image(
      handle, &image, heif_colorspace_RGB,
      has_alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB,
      options.get()));
  return Raster(image);
}

/// A size that libheif counts in an int; -1 for none becomes 0.
std::uint64_t size_of(int size) {
  return size < 0 ? 0 : static_cast<std::uint64_t>(size);
}

ImageParts copied(const heif_image* image, Mode mode,
                  const OpenOptions& options) {
  constexpr auto channel = heif_channel_interleaved;
  const auto width = size_of(heif_image_get_width(image, channel));
  const auto height = size_of(heif_image_get_height(image, channel));
  check_costly_size(width, height, describe(mode).bytes_per_pixel, options);
  int stride = 0;
  const auto* pixels = heif_image_get_plane_readonly(image, channel, &stride);
  auto parts = blank(mode, width, height);
  const auto size = row_bytes(mode, parts.width);
  if (!pixels || size_of(stride) < size)
    fail(ErrorKind::corrupt, "there are no pixels in it");
  for (std::size_t y = 0; y < parts.height; ++y)
    std::memcpy(parts.pixels.data() + y * size, pixels + y * size_of(stride),
                size);
  return parts;
}

std::vector<std::byte> profile_of(const heif_image_handle* handle) {
  const auto type = heif_image_handle_get_color_profile_type(handle);
  if (type != heif_color_profile_type_prof &&
      type != heif_color_profile_type_rICC)
    return {};
  std::vector<std::byte> profile(
      heif_image_handle_get_raw_color_profile_size(handle));
  check(heif_image_handle_get_raw_color_profile(handle, profile.data()));
  return profile;
}

}  // namespace

Decoded decode_heif(Bytes file, const OpenOptions& options) {
  const Context context(heif_context_alloc());
  const auto handle = primary_picture(context.get(), file);
  const bool has_alpha = heif_image_handle_has_alpha_channel(handle.get());
  check_costly_size(size_of(heif_image_handle_get_ispe_width(handle.get())),
                    size_of(heif_image_handle_get_ispe_height(handle.get())),
                    has_alpha ? 4 : 3, options);
  const auto image = decode(handle.get(), has_alpha);
  Decoded decoded;
  decoded.parts =
      copied(image.get(), has_alpha ? Mode::rgba : Mode::rgb, options);
  if (has_alpha && heif_image_handle_is_premultiplied_alpha(handle.get()))
    unpremultiply(decoded.parts);
  if (options.icc == Icc::apply) decoded.profile = profile_of(handle.get());
  return decoded;
}

Decoded decode_avif(Bytes file, const OpenOptions& options) {
  return decode_heif(file, options);
}

}  // namespace igrot

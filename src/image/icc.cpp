// Source: ICC.1:2022; how PIL calls Little CMS (ImageCms.profileToProfile).
#include "image/icc.h"

#include <lcms2.h>

#include <algorithm>
#include <memory>
#include <string>

#include "base/fail.h"
#include "image/decoder.h"

namespace igrot {
namespace {

// Profiles of printers are the largest: 0.5 to 3 MiB.
constexpr std::size_t profile_limit_bytes = std::size_t{16} << 20;

/// How pixels of a mode are handed to Little CMS and taken back.
struct Way {
  Mode from;
  cmsColorSpaceSignature space;
  cmsUInt32Number in;
  Mode to;
  cmsUInt32Number out;
};

constexpr std::array ways{
    Way{Mode::l, cmsSigGrayData, TYPE_GRAY_8, Mode::rgb, TYPE_RGB_8},
    Way{Mode::la, cmsSigGrayData, TYPE_GRAYA_8, Mode::rgba, TYPE_RGBA_8},
    Way{Mode::rgb, cmsSigRgbData, TYPE_RGB_8, Mode::rgb, TYPE_RGB_8},
    Way{Mode::rgba, cmsSigRgbData, TYPE_RGBA_8, Mode::rgba, TYPE_RGBA_8},
    Way{Mode::rgbx, cmsSigRgbData, TYPE_RGBA_8, Mode::rgbx, TYPE_RGBA_8},
    Way{Mode::cmyk, cmsSigCmykData, TYPE_CMYK_8, Mode::rgb, TYPE_RGB_8},
    Way{Mode::p, cmsSigRgbData, TYPE_RGB_8, Mode::p, TYPE_RGB_8},
    Way{Mode::pa, cmsSigRgbData, TYPE_RGB_8, Mode::pa, TYPE_RGB_8},
};

// Those that describe pixels, as opposed to links and lists of named colours.
constexpr std::array classes{cmsSigInputClass, cmsSigDisplayClass,
                             cmsSigOutputClass, cmsSigColorSpaceClass};

// The floating point form of a profile may hold steps without end, each done
// for every entry of a table; profiles that have it have the usual form too.
constexpr std::array endless_tags{cmsSigDToB0Tag, cmsSigDToB1Tag,
                                  cmsSigDToB2Tag, cmsSigDToB3Tag};

/// Keeps what Little CMS last complained about.
void note_error(cmsContext context, cmsUInt32Number, const char* text) {
  *static_cast<std::string*>(cmsGetContextUserData(context)) = text;
}

/// One conversion's own Little CMS: threads share nothing.
class Cms {
 public:
  Cms() : context_(cmsCreateContext(nullptr, &complaint_), cmsDeleteContext) {
    cmsSetLogErrorHandlerTHR(context_.get(), note_error);
  }

  cmsContext context() const { return context_.get(); }

  [[noreturn]] void fail_damaged() const {
    fail(ErrorKind::corrupt, "its colour profile cannot be used{}{}",
         complaint_.empty() ? "" : ": ", complaint_);
  }

 private:
  std::string complaint_;
  std::unique_ptr<std::remove_pointer_t<cmsContext>,
                  decltype(&cmsDeleteContext)>
      context_;
};

using Profile = std::unique_ptr<void, decltype(&cmsCloseProfile)>;
using Transform = std::unique_ptr<void, decltype(&cmsDeleteTransform)>;

Profile opened(const Cms& cms, Bytes bytes) {
  if (bytes.size() > profile_limit_bytes)
    fail(ErrorKind::unsupported,
         "its colour profile has {} bytes, more than the limit of {}",
         bytes.size(), profile_limit_bytes);
  Profile profile(
      cmsOpenProfileFromMemTHR(cms.context(), bytes.data(),
                               static_cast<cmsUInt32Number>(bytes.size())),
      cmsCloseProfile);
  if (!profile) cms.fail_damaged();
  if (std::ranges::find(classes, cmsGetDeviceClass(profile.get())) ==
      classes.end())
    fail(ErrorKind::unsupported, "its colour profile is for no pictures");
  for (const auto tag : endless_tags)
    if (cmsIsTag(profile.get(), tag))
      fail(ErrorKind::unsupported,
           "its colour profile is one of floating point steps");
  return profile;
}

Transform to_srgb(const Cms& cms, const Profile& profile, const Way& way) {
  const Profile srgb(cmsCreate_sRGBProfileTHR(cms.context()), cmsCloseProfile);
  Transform transform(
      cmsCreateTransformTHR(cms.context(), profile.get(), way.in, srgb.get(),
                            way.out, INTENT_PERCEPTUAL, 0),
      cmsDeleteTransform);
  if (!transform) cms.fail_damaged();
  return transform;
}

void convert_palette(const Transform& transform, Palette& palette) {
  auto colors = palette.colors;
  cmsDoTransform(transform.get(), colors.data(), palette.colors.data(),
                 static_cast<cmsUInt32Number>(colors.size()));
}

/// Alpha is the last of a pixel's bytes before and after.
void copy_alpha(const ImageParts& from, ImageParts& to) {
  const auto in = describe(from.mode).bytes_per_pixel;
  const auto out = describe(to.mode).bytes_per_pixel;
  for (std::size_t i = 0; i < from.width * from.height; ++i)
    to.pixels[i * out + out - 1] = from.pixels[i * in + in - 1];
}

ImageParts converted(const Transform& transform, const Way& way,
                     const ImageParts& parts) {
  auto result = blank(way.to, parts.width, parts.height);
  result.format = parts.format;
  const auto in = row_bytes(way.from, parts.width);
  const auto out = row_bytes(way.to, parts.width);
  for (std::size_t y = 0; y < parts.height; ++y)
    cmsDoTransform(transform.get(), parts.pixels.data() + y * in,
                   result.pixels.data() + y * out,
                   static_cast<cmsUInt32Number>(parts.width));
  if (way.to == Mode::rgba || way.to == Mode::rgbx) copy_alpha(parts, result);
  return result;
}

/// The one transparent colour as alpha: after the conversion other colours may
/// equal it.
ImageParts with_alpha(const ImageParts& parts) {
  const auto colours = describe(parts.mode).bytes_per_pixel;
  auto result = blank(parts.mode == Mode::l ? Mode::la : Mode::rgba,
                      parts.width, parts.height);
  result.format = parts.format;
  const auto& key = *parts.transparent;
  for (std::size_t i = 0; i < parts.width * parts.height; ++i) {
    const auto* in = parts.pixels.data() + i * colours;
    auto* out = result.pixels.data() + i * (colours + 1);
    bool is_key = true;
    for (std::size_t c = 0; c < colours; ++c) {
      out[c] = in[c];
      is_key = is_key && static_cast<std::uint16_t>(in[c]) == key[c];
    }
    out[colours] = is_key ? std::byte{0} : std::byte{255};
  }
  return result;
}

const Way* find_way(Mode mode) {
  const auto way = std::ranges::find(ways, mode, &Way::from);
  return way == ways.end() ? nullptr : &*way;
}

}  // namespace

ImageParts in_srgb(ImageParts parts, std::span<const std::byte> bytes) {
  const auto* way = find_way(parts.mode);
  if (!way) return parts;
  const Cms cms;
  const auto profile = opened(cms, bytes);
  if (cmsGetColorSpace(profile.get()) != way->space) return parts;
  if (parts.palette) {
    convert_palette(to_srgb(cms, profile, *way), *parts.palette);
    return parts;
  }
  if (parts.transparent) {
    parts = with_alpha(parts);
    way = find_way(parts.mode);
  }
  return converted(to_srgb(cms, profile, *way), *way, parts);
}

}  // namespace igrot

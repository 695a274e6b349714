// Camera RAW: the largest JPEG that the camera put beside its sensor's data.
// Those data are not developed: see docs/images.md. Sources: TIFF/EP (ISO
// 12234-2) and Adobe's DNG 1.4 for files built like a TIFF.
#include <algorithm>

#include "image/decoder.h"
#include "image/jpeg_header.h"
#include "image/tiff_directory.h"

namespace igrot {
namespace {

using namespace std::string_view_literals;

constexpr auto fujifilm = "FUJIFILMCCD-RAW"sv;

// Makers whose files start otherwise than a TIFF: Canon (CRW), Fujifilm,
// Minolta, Olympus, Panasonic, Sigma.
constexpr std::array signatures{
    "II\x1A\0\0\0HEAPCCDR"sv,
    fujifilm,
    "\0MRM"sv,
    "IIRO"sv,
    "IIRS"sv,
    "MMOR"sv,
    "IIU\0"sv,
    "FOVb"sv,
};

constexpr std::size_t most_directories = 32;

/// `size` bytes at `offset`, as many as there are.
Bytes part_of(Bytes file, std::uint64_t offset, std::uint64_t size) {
  const auto start = std::min<std::uint64_t>(offset, file.size());
  const auto rest = file.subspan(static_cast<std::size_t>(start));
  return rest.first(
      static_cast<std::size_t>(std::min<std::uint64_t>(size, rest.size())));
}

/// The first directory, those behind it and those inside them.
std::vector<TiffDirectory> directories_of(Bytes file) {
  std::vector found{TiffDirectory(file)};
  for (std::size_t i = 0; i < found.size(); ++i) {
    auto offsets = found[i].numbers(TiffTag::sub_directories);
    if (!offsets) offsets.emplace();
    offsets->push_back(found[i].next());
    for (const auto offset : *offsets)
      if (offset != 0 && found.size() < most_directories)
        found.emplace_back(file, offset);
  }
  return found;
}

/// Whether the pixels are those of a sensor: TIFF/EP's colour filter array, or
/// DNG's linear ones.
bool is_sensor(const TiffDirectory& directory) {
  constexpr std::uint64_t filter_array = 32803;
  constexpr std::uint64_t linear_raw = 34892;
  const auto photometric = directory.number(TiffTag::photometric);
  return photometric == filter_array || photometric == linear_raw;
}

bool is_camera_tiff(Bytes file) {
  const bool is_big_tiff = file.size() > 2 && file[2] == std::byte{43};
  if (!is_tiff(file) || is_big_tiff) return false;
  // CR2: what its sensor's directory holds is told by no tag.
  if (starts_with(part_of(file, 8, 3), "CR\x02")) return true;
  const auto directories = directories_of(file);
  return directories[0].has(TiffTag::dng_version) ||
         std::ranges::any_of(directories, is_sensor);
}

/// What may be a directory's JPEG: of its own two tags, of Panasonic's, or its
/// only strip.
Bytes jpeg_of(Bytes file, const TiffDirectory& directory) {
  if (directory.has(TiffTag::jpeg_offset))
    return part_of(file, directory.number_or(TiffTag::jpeg_offset, 0),
                   directory.number_or(TiffTag::jpeg_length, 0));
  if (directory.has(TiffTag::panasonic_jpeg))
    return directory.bytes(TiffTag::panasonic_jpeg);
  if (is_sensor(directory)) return {};
  const auto offsets = directory.numbers(TiffTag::strip_offsets);
  const auto sizes = directory.numbers(TiffTag::strip_byte_counts);
  if (!offsets || !sizes || offsets->size() != 1 || sizes->size() != 1)
    return {};
  return part_of(file, offsets->front(), sizes->front());
}

/// Pixels of a JPEG; 0 for anything else, a lossless JPEG of a sensor's data
/// among it.
std::uint64_t area_of(Bytes jpeg) {
  if (!is_jpeg(jpeg)) return 0;
  try {
    const auto header = read_jpeg_header(jpeg);
    return std::uint64_t{header.width} * header.height;
  } catch (const Error&) {
    return 0;
  }
}

struct Preview {
  Bytes jpeg;
  int orientation = 1;
};

Preview fujifilm_preview(Bytes file) {
  const auto place = subspan(file, 84, 8, "header");
  return {part_of(file, load_big<std::uint32_t>(place),
                  load_big<std::uint32_t>(place.subspan(4)))};
}

Preview largest_preview(Bytes file) {
  if (starts_with(file, fujifilm)) return fujifilm_preview(file);
  if (!starts_with(file, "II") && !starts_with(file, "MM")) return {};
  const auto directories = directories_of(file);
  std::vector<Bytes> jpegs;
  for (const auto& directory : directories)
    jpegs.push_back(jpeg_of(file, directory));
  const auto turn = directories[0].number_or(TiffTag::orientation, 1);
  return {*std::ranges::max_element(jpegs, {}, area_of),
          turn <= 8 ? static_cast<int>(turn) : 1};
}

}  // namespace

bool is_raw(Bytes file) {
  if (starts_with(part_of(file, 4, 8), "ftypcrx ")) return true;
  if (std::ranges::any_of(signatures, [&](std::string_view signature) {
        return starts_with(file, signature);
      }))
    return true;
  try {
    return is_camera_tiff(file);
  } catch (const Error&) {
    return false;
  }
}

Decoded decode_raw(Bytes file, const OpenOptions& options) {
  const auto preview = largest_preview(file);
  if (area_of(preview.jpeg) == 0)
    fail(ErrorKind::unsupported,
         "it holds no JPEG that igrot finds, and the sensor's data are not "
         "developed");
  auto decoded = decode_jpeg(preview.jpeg, options);
  decoded.parts.format = "RAW";
  if (preview.orientation > 1) decoded.orientation = preview.orientation;
  return decoded;
}

}  // namespace igrot

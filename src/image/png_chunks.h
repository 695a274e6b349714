// The chunks of a PNG file and what they say about its picture.
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.h"

namespace igrot {

struct PngChunk {
  std::string_view id;
  std::uint32_t size;  // as declared; the file may end before
};

/// Walks over chunks. The caller takes or skips each chunk's data and its
/// check sum before it asks for the next.
class PngChunks {
 public:
  /// file: what follows the signature.
  explicit PngChunks(Bytes file) : file_(file) {}

  /// Nothing at the end of the file or where no chunk name stands.
  std::optional<PngChunk> next();

  /// Exactly `size` bytes; corrupt when the file ends before.
  Bytes take(std::uint64_t size);

  /// Up to `size` bytes.
  Bytes take_some(std::uint64_t size);

  /// Reads a check sum; corrupt when it is not that of id and data.
  void check(const PngChunk& chunk, Bytes data);

 private:
  Bytes file_;
};

/// Where an animation's first frame lies in the picture.
struct PngFrame {
  std::uint32_t x, y, width, height;
};

/// Everything up to the first pixels.
struct PngHeader {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  unsigned depth = 0;
  unsigned colour = 0;
  bool interlaced = false;
  bool has_header = false;

  Bytes palette;
  Bytes transparency;
  std::optional<Bytes> exif;
  Bytes profile;  // of iCCP, deflated

  std::uint32_t frames = 0;  // acTL
  bool has_frames = false;
  std::optional<PngFrame> frame;
  std::optional<std::uint32_t> sequence;
  std::uint64_t text_bytes = 0;

  /// Whether pixels follow, and how many bytes of them in the first chunk.
  bool has_data = false;
  std::uint32_t data_bytes = 0;
};

/// Reads up to the first pixels. Throws Error: corrupt where PIL refuses.
PngHeader read_png_header(PngChunks& chunks);

/// The profile of iCCP; empty where it cannot be inflated.
std::vector<std::byte> unfolded_profile(const PngHeader& header);

/// Reads what follows the pixels; called where a check sum is due.
void read_png_trailer(PngChunks& chunks, PngHeader& header);

/// The number that opens a chunk of an animation's pixels.
void read_png_sequence(PngChunks& chunks, const PngChunk& chunk,
                       PngHeader& header);

}  // namespace igrot

#include "image/png_chunks.h"

#include <zlib.h>

#include <algorithm>
#include <memory>

#include "image/decoder.h"

namespace igrot {
namespace {

// PIL's MAX_TEXT_CHUNK and MAX_TEXT_MEMORY: what compressed chunks may unfold
// to, and all texts together.
constexpr std::size_t unfolded_limit = 1024 * 1024;
constexpr std::uint64_t text_limit = 64 * unfolded_limit;

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
         (c >= 'a' && c <= 'z') || c == '_';
}

void require(bool holds, const PngChunk& chunk, std::string_view what) {
  if (!holds) fail(ErrorKind::corrupt, "chunk {} {}", chunk.id, what);
}

/// The data inflated; nothing when they cannot be. Longer than the limit is
/// corrupt.
std::vector<std::byte> unfolded(const PngChunk& chunk, Bytes data) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return {};
  const std::unique_ptr<z_stream, decltype(&inflateEnd)> guard(&stream,
                                                               inflateEnd);
  std::vector<std::byte> out(unfolded_limit);
  stream.next_in = const_cast<Bytef*>(bytes_of(data));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = bytes_of(out);
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = inflate(&stream, Z_SYNC_FLUSH);
  if (result < 0 && result != Z_BUF_ERROR) return {};
  require(result == Z_STREAM_END || stream.avail_in == 0, chunk,
          "unfolds to more than 1 MiB");
  out.resize(out.size() - stream.avail_out);
  return out;
}

void count_text(PngHeader& header, const PngChunk& chunk, std::size_t size) {
  header.text_bytes += size;
  require(header.text_bytes <= text_limit, chunk,
          "brings the texts over 64 MiB");
}

/// What follows the first zero byte; nothing when there is none.
std::optional<Bytes> after_zero(Bytes data) {
  const auto zero = std::ranges::find(data, std::byte{0});
  if (zero == data.end()) return std::nullopt;
  return data.subspan(static_cast<std::size_t>(zero - data.begin()) + 1);
}

void read_ihdr(const PngChunk& chunk, Bytes data, PngHeader& header) {
  require(data.size() >= 13, chunk, "is shorter than 13 bytes");
  header.has_header = true;
  header.width = load_big<std::uint32_t>(data);
  header.height = load_big<std::uint32_t>(data.subspan(4));
  header.depth = static_cast<unsigned>(data[8]);
  header.colour = static_cast<unsigned>(data[9]);
  require(data[11] == std::byte{0}, chunk, "names an unknown filter method");
  header.interlaced |= data[12] != std::byte{0};
}

void read_plte(const PngChunk&, Bytes data, PngHeader& header) {
  if (header.has_header && header.colour == 3) header.palette = data;
}

void read_trns(const PngChunk& chunk, Bytes data, PngHeader& header) {
  if (!header.has_header) return;
  const std::size_t needed = header.colour == 0   ? 2
                             : header.colour == 2 ? 6
                                                  : 0;
  require(data.size() >= needed, chunk, "is too short");
  header.transparency = data;
}

void read_iccp(const PngChunk& chunk, Bytes data, PngHeader& header) {
  require(!data.empty(), chunk, "is empty");
  const auto rest = after_zero(data);
  require(rest || data.back() == std::byte{0}, chunk, "is damaged");
  if (!rest || rest->size() <= 1) return;
  header.profile = rest->subspan(1);
  count_text(header, chunk, unfolded(chunk, header.profile).size());
}

void read_text(const PngChunk& chunk, Bytes data, PngHeader& header) {
  if (const auto text = after_zero(data))
    count_text(header, chunk, text->size());
}

void read_ztxt(const PngChunk& chunk, Bytes data, PngHeader& header) {
  const auto rest = after_zero(data);
  if (!rest || rest->empty()) return;
  require((*rest)[0] == std::byte{0}, chunk, "is compressed in an unknown way");
  count_text(header, chunk, unfolded(chunk, rest->subspan(1)).size());
}

void read_itxt(const PngChunk& chunk, Bytes data, PngHeader& header) {
  const auto flags = after_zero(data);
  if (!flags || flags->size() < 2) return;
  const auto key = after_zero(flags->subspan(2));
  const auto text = key ? after_zero(*key) : std::nullopt;
  if (!text) return;
  if ((*flags)[0] == std::byte{0})
    return count_text(header, chunk, text->size());
  if ((*flags)[1] == std::byte{0})
    count_text(header, chunk, unfolded(chunk, *text).size());
}

void read_gama(const PngChunk& chunk, Bytes data, PngHeader&) {
  require(data.size() >= 4, chunk, "is shorter than 4 bytes");
}

void read_chrm(const PngChunk& chunk, Bytes data, PngHeader&) {
  require(data.size() % 4 == 0, chunk, "ends inside a number");
}

void read_srgb(const PngChunk& chunk, Bytes data, PngHeader&) {
  require(!data.empty(), chunk, "is empty");
}

void read_phys(const PngChunk& chunk, Bytes data, PngHeader&) {
  require(data.size() >= 9, chunk, "is shorter than 9 bytes");
}

void read_exif(const PngChunk&, Bytes data, PngHeader& header) {
  header.exif = data;
}

void read_actl(const PngChunk& chunk, Bytes data, PngHeader& header) {
  require(data.size() >= 8, chunk, "is shorter than 8 bytes");
  const auto count = load_big<std::uint32_t>(data);
  const bool again = header.has_frames;
  header.has_frames = !again && count > 0 && count <= 0x80000000U;
  header.frames = header.has_frames ? count : 0;
}

void count_sequence(const PngChunk& chunk, Bytes data, PngHeader& header) {
  const auto sequence = load_big<std::uint32_t>(data);
  require(sequence == (header.sequence ? *header.sequence + 1 : 0), chunk,
          "is out of sequence");
  header.sequence = sequence;
}

void read_fctl(const PngChunk& chunk, Bytes data, PngHeader& header) {
  require(data.size() >= 26, chunk, "is shorter than 26 bytes");
  count_sequence(chunk, data, header);
  const auto number = [&](std::size_t at) {
    return load_big<std::uint32_t>(data.subspan(at));
  };
  const PngFrame frame{number(12), number(16), number(4), number(8)};
  require(std::uint64_t{frame.x} + frame.width <= header.width &&
              std::uint64_t{frame.y} + frame.height <= header.height,
          chunk, "describes a frame outside the picture");
  header.frame = frame;
}

struct Handler {
  std::string_view id;
  void (*read)(const PngChunk& chunk, Bytes data, PngHeader& header);
};

constexpr std::array handlers{
    Handler{"IHDR", read_ihdr}, Handler{"PLTE", read_plte},
    Handler{"tRNS", read_trns}, Handler{"iCCP", read_iccp},
    Handler{"gAMA", read_gama}, Handler{"cHRM", read_chrm},
    Handler{"sRGB", read_srgb}, Handler{"pHYs", read_phys},
    Handler{"tEXt", read_text}, Handler{"zTXt", read_ztxt},
    Handler{"iTXt", read_itxt}, Handler{"eXIf", read_exif},
    Handler{"acTL", read_actl}, Handler{"fcTL", read_fctl},
};

/// The data of a chunk that holds no pixels, understood where it matters.
Bytes read_chunk(PngChunks& chunks, const PngChunk& chunk, PngHeader& header) {
  const auto data = chunks.take(chunk.size);
  for (const auto& handler : handlers)
    if (handler.id == chunk.id) handler.read(chunk, data, header);
  return data;
}

}  // namespace

std::optional<PngChunk> PngChunks::next() {
  if (file_.size() < 8) return std::nullopt;
  const PngChunk chunk{as_text(file_.subspan(4, 4)),
                       load_big<std::uint32_t>(file_)};
  file_ = file_.subspan(8);
  if (!std::ranges::all_of(chunk.id, is_word)) return std::nullopt;
  return chunk;
}

Bytes PngChunks::take(std::uint64_t size) {
  if (size > file_.size())
    fail(ErrorKind::corrupt, "the file ends inside a chunk");
  return take_some(size);
}

Bytes PngChunks::take_some(std::uint64_t size) {
  const auto part = file_.first(
      static_cast<std::size_t>(std::min<std::uint64_t>(size, file_.size())));
  file_ = file_.subspan(part.size());
  return part;
}

void PngChunks::check(const PngChunk& chunk, Bytes data) {
  auto sum = crc32(0, bytes_of(as_bytes(chunk.id)), 4);
  sum = crc32_z(sum, bytes_of(data), data.size());
  require(load_big<std::uint32_t>(take(4)) == sum, chunk,
          "does not match its check sum");
}

void read_png_sequence(PngChunks& chunks, const PngChunk& chunk,
                       PngHeader& header) {
  require(chunk.size >= 4, chunk, "is shorter than 4 bytes");
  const auto number = chunks.take(4);
  require(header.sequence.has_value(), chunk, "comes before any frame");
  count_sequence(chunk, number, header);
}

PngHeader read_png_header(PngChunks& chunks) {
  PngHeader header;
  for (;;) {
    const auto chunk = chunks.next();
    if (!chunk) fail(ErrorKind::corrupt, "no chunk where one must be");
    if (chunk->id == "IEND") break;
    header.has_data =
        header.has_header && (chunk->id == "IDAT" || chunk->id == "fdAT");
    header.data_bytes = chunk->size;
    if (header.has_data && chunk->id == "fdAT") {
      read_png_sequence(chunks, *chunk, header);
      header.data_bytes -= 4;
    }
    if (header.has_data) break;
    chunks.check(*chunk, read_chunk(chunks, *chunk, header));
  }
  if (!header.has_header) fail(ErrorKind::corrupt, "there is no header");
  return header;
}

std::vector<std::byte> unfolded_profile(const PngHeader& header) {
  const PngChunk chunk{"iCCP",
                       static_cast<std::uint32_t>(header.profile.size())};
  return unfolded(chunk, header.profile);
}

void read_png_trailer(PngChunks& chunks, PngHeader& header) {
  // An IDAT that belongs to no frame of the animation counts as one of its own.
  const bool animated =
      header.frames + (header.frame ? 0U : 1U) > 1 && header.has_frames;
  for (;;) {
    chunks.take_some(4);
    const auto chunk = chunks.next();
    if (!chunk || chunk->id == "IEND") return;
    if (chunk->id == "fcTL" && animated) return;
    if (chunk->id == "fdAT") {
      read_png_sequence(chunks, *chunk, header);
      chunks.take(chunk->size - 4);
    } else {
      read_chunk(chunks, *chunk, header);
    }
  }
}

}  // namespace igrot

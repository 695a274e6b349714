// JPEG by libjpeg(-turbo), at its defaults. What is refused follows PIL 9.4:
// its own walk over the markers up to the first scan, then libjpeg reading
// from blocks that may run dry. Warnings are accepted, running dry is not.
#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstring>

// After <cstdio>, which it needs.
#include <jerror.h>
#include <jpeglib.h>

#include "image/decoder.h"
#include "image/exif.h"
#include "image/jpeg_header.h"

namespace igrot {
namespace {

// PIL hands libjpeg this much at a time. The size shows: what libjpeg does
// with damaged data can depend on where a block ends.
constexpr std::size_t block_bytes = 65536;

// Honest pictures have a dozen scans; each costs a pass over all of the
// picture, and a small file can hold a great many: this many, of a large
// picture as many as pass over so many pixels, but never fewer than the last.
constexpr std::uint64_t scan_limit = 500;
constexpr std::uint64_t scanned_pixels_limit = std::uint64_t{1} << 31;
constexpr std::uint64_t scans_of_any_picture = 20;

// Of a picture in several scans libjpeg keeps all coefficients, two bytes each.
constexpr long memory_limit_bytes = 480L << 20;

/// Everything the C callbacks touch. No member has a destructor, so leaving by
/// longjmp skips none.
struct Session {
  jpeg_decompress_struct decompress;
  jpeg_error_mgr errors;
  jpeg_source_mgr source;
  jpeg_progress_mgr progress;
  std::jmp_buf on_error;
  char message[JMSG_LENGTH_MAX];
  const unsigned char* end;  // of the file
  std::size_t skip;          // bytes to pass over once there are more
  bool is_too_large;         // for libjpeg's memory limit
};

Session& session_of(j_common_ptr info) {
  return *static_cast<Session*>(info->client_data);
}

void leave(j_common_ptr info) {
  auto& session = session_of(info);
  info->err->format_message(info, session.message);
  session.is_too_large = info->err->msg_code == JERR_NO_BACKING_STORE;
  std::longjmp(session.on_error, 1);
}

void count_scans(j_common_ptr info) {
  const auto& decompress = *reinterpret_cast<j_decompress_ptr>(info);
  const auto pixels =
      std::uint64_t{decompress.image_width} * decompress.image_height;
  const auto most = std::clamp(scanned_pixels_limit / pixels,
                               scans_of_any_picture, scan_limit);
  if (static_cast<std::uint64_t>(decompress.input_scan_number) <= most) return;
  auto& session = session_of(info);
  std::snprintf(session.message, sizeof session.message,
                "it has more than %d scans", static_cast<int>(most));
  std::longjmp(session.on_error, 1);
}

void ignore_message(j_common_ptr) {}
void ignore_source(j_decompress_ptr) {}
boolean run_dry(j_decompress_ptr) {
  return FALSE;
}

void skip_bytes(j_decompress_ptr info, long count) {
  if (count <= 0) return;
  auto& source = *info->src;
  const auto wanted = static_cast<std::size_t>(count);
  const auto now = std::min(wanted, source.bytes_in_buffer);
  source.next_input_byte += now;
  source.bytes_in_buffer -= now;
  session_of(reinterpret_cast<j_common_ptr>(info)).skip = wanted - now;
}

/// Makes the next block visible; false at the end of the file.
bool next_block(Session& session) {
  auto& source = session.source;
  const auto* visible_end = source.next_input_byte + source.bytes_in_buffer;
  const auto left = static_cast<std::size_t>(session.end - visible_end);
  if (left == 0) return false;
  source.bytes_in_buffer += std::min(left, block_bytes);
  if (session.skip > 0)
    skip_bytes(&session.decompress, static_cast<long>(session.skip));
  return true;
}

/// Repeats `step`, which answers whether it got through, with more and more of
/// the file. False when the file ended first.
template <class Step>
bool feed(Session& session, Step step) {
  for (;;) {
    if (session.skip == 0 && step()) return true;
    if (!next_block(session)) return false;
  }
}

enum class Outcome { done, truncated, broken };

/// Where the pixels go. `reserve` is called once the size is known.
struct Target {
  unsigned char* pixels;
  std::size_t stride;
  std::size_t height;
};

void set_up(Session& session, Bytes file) {
  session.decompress.err = jpeg_std_error(&session.errors);
  session.errors.error_exit = leave;
  session.errors.output_message = ignore_message;
  session.decompress.client_data = &session;
  session.progress.progress_monitor = count_scans;
  session.source.init_source = ignore_source;
  session.source.fill_input_buffer = run_dry;
  session.source.skip_input_data = skip_bytes;
  session.source.resync_to_restart = jpeg_resync_to_restart;
  session.source.term_source = ignore_source;
  session.source.next_input_byte = bytes_of(file);
  session.source.bytes_in_buffer = 0;
  session.end = bytes_of(file) + file.size();
}

bool read_header(Session& session) {
  return feed(session, [&] {
    int answer;
    do {
      answer = jpeg_read_header(&session.decompress, FALSE);
    } while (answer == JPEG_HEADER_TABLES_ONLY);
    return answer != JPEG_SUSPENDED;
  });
}

Outcome decode_rows(Session& session, J_COLOR_SPACE space, unsigned scale,
                    const Target& target) {
  auto& info = session.decompress;
  if (setjmp(session.on_error)) return Outcome::broken;
  jpeg_create_decompress(&info);
  info.client_data = &session;
  info.src = &session.source;
  info.progress = &session.progress;
  info.mem->max_memory_to_use = memory_limit_bytes;
  if (!read_header(session)) return Outcome::truncated;
  info.out_color_space = space;
  info.scale_num = 1;
  info.scale_denom = scale;
  if (!feed(session, [&] { return jpeg_start_decompress(&info) != FALSE; }))
    return Outcome::truncated;
  if (info.output_width * static_cast<std::size_t>(info.output_components) !=
          target.stride ||
      info.output_height < target.height) {
    std::strcpy(session.message, "its headers disagree about the size");
    return Outcome::broken;
  }
  for (std::size_t y = 0; y < target.height; ++y) {
    JSAMPROW row = target.pixels + y * target.stride;
    if (!feed(session,
              [&] { return jpeg_read_scanlines(&info, &row, 1) == 1; }))
      return Outcome::truncated;
  }
  // Looks for the end of the file. Running dry no longer matters, errors do.
  jpeg_finish_decompress(&info);
  return Outcome::done;
}

struct Layout {
  unsigned layers;
  Mode mode;
  J_COLOR_SPACE space;
};

constexpr std::array layouts{
    Layout{1, Mode::l, JCS_GRAYSCALE},
    Layout{3, Mode::rgb, JCS_RGB},
    Layout{4, Mode::cmyk, JCS_CMYK},
};

const Layout& layout_of(unsigned layers) {
  for (const auto& layout : layouts)
    if (layout.layers == layers) return layout;
  fail(ErrorKind::unsupported, "{} components a pixel, expected 1, 3 or 4",
       layers);
}

/// The largest of 8, 4, 2, 1 that leaves both sides long enough.
unsigned scale_of(const JpegHeader& header, const OpenOptions& options) {
  if (options.decode == Decode::exact) return 1;
  for (const unsigned scale : {8U, 4U, 2U})
    if (std::min(header.width, header.height) / scale >= options.fast_side)
      return scale;
  return 1;
}

std::size_t divide_up(std::size_t a, std::size_t b) {
  return (a + b - 1) / b;
}

}  // namespace

Decoded decode_jpeg(Bytes file, const OpenOptions& options) {
  const auto header = read_jpeg_header(file);
  const auto& layout = layout_of(header.layers);
  check_size(layout.mode, header.width, header.height, options);
  const auto scale = scale_of(header, options);
  Decoded decoded;
  decoded.orientation = header.orientation;
  if (options.icc == Icc::apply) decoded.profile = joined_profile(header);
  decoded.parts = blank(layout.mode, divide_up(header.width, scale),
                        divide_up(header.height, scale));
  if (header.pictures > 1) decoded.parts.format = "MPO";

  Session session{};
  const Target target{bytes_of(decoded.parts.pixels),
                      row_bytes(layout.mode, decoded.parts.width),
                      decoded.parts.height};
  set_up(session, file);
  const auto outcome = decode_rows(session, layout.space, scale, target);
  jpeg_destroy_decompress(&session.decompress);
  if (outcome == Outcome::truncated)
    fail(ErrorKind::corrupt, "the file ends before the picture does");
  if (session.is_too_large)
    fail(ErrorKind::unsupported,
         "its scans need more memory than the limit of {} bytes",
         memory_limit_bytes);
  if (outcome == Outcome::broken)
    fail(ErrorKind::corrupt, "{}", session.message);
  // PIL takes every file of four components to hold inverted ink, as Adobe's
  // do.
  if (layout.mode == Mode::cmyk)
    for (auto& value : decoded.parts.pixels) value = ~value;
  return decoded;
}

}  // namespace igrot

#include "eval/encode_files.h"

#include <algorithm>

#include "base/ahead.h"
#include "base/fail.h"
#include "base/file.h"
#include "base/sha256.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t at_once = 32;

/// What a worker made of one file: pixels, or the vector that was known.
/// Neither where it cannot be read.
struct ReadFile {
  std::optional<Tensor> pixels;
  std::optional<std::vector<float>> vector;
  std::string content;  ///< of ContentHashes, where vectors are kept
};

class FileReader {
 public:
  FileReader(const std::vector<fs::path>& files, const FileEncoding& encoding)
      : files_(files), encoding_(encoding) {}

  /// On any thread. Warns of what cannot be read.
  ReadFile operator()(std::size_t i) const {
    try {
      if (encoding_.known) return read_unless_known(i, *encoding_.known);
      return {.pixels = read_pixels(files_[i], encoding_.preprocess,
                                    encoding_.recipe),
              .vector = {},
              .content = {}};
    } catch (const Error& error) {
      if (encoding_.runtime.warn) encoding_.runtime.warn(error.what());
      return {};
    }
  }

 private:
  /// Reads the file at most once, and decodes it only where it has to be.
  ReadFile read_unless_known(std::size_t i, const KnownVectors& known) const {
    const auto words = known.words ? known.words(i) : std::string_view();
    const auto stamp = ContentHashes::stamp(files_[i]);
    ReadFile read;
    if (const auto content = known.contents->find(stamp)) {
      read.content = *content;
      read.vector = known.vectors->find(read.content, words);
      if (read.vector) return read;
    }
    const auto bytes = read_file(files_[i], OpenOptions().file_limit_bytes);
    // The file may have changed since its stamp was seen: what was read counts.
    read.content = sha256_hex(bytes);
    known.contents->put(stamp, read.content);
    read.vector = known.vectors->find(read.content, words);
    if (!read.vector) read.pixels = pixels_of(files_[i], bytes);
    return read;
  }

  Tensor pixels_of(const fs::path& file, Bytes bytes) const {
    return at(file.string(), [&] {
      const auto opened = Image::decode(bytes);
      return square_pixels(
          square_picture(opened, encoding_.preprocess, encoding_.recipe),
          encoding_.preprocess, encoding_.recipe);
    });
  }

  const std::vector<fs::path>& files_;
  const FileEncoding& encoding_;
};

/// Rows of vectors as they come to be known.
class Encoder {
 public:
  Encoder(const std::vector<fs::path>& files, const FileEncoding& encoding)
      : encoding_(encoding),
        vectors_({files.size(), encoding.width}),
        is_there_(files.size()),
        ahead_(files.size(), encoding.runtime.thread_count(), 2 * at_once,
               FileReader(files, encoding)) {}

  /// The next stretch of files; false after the last. Stretches begin at the
  /// same files whatever is known, so that a run that goes on computes the
  /// batches that it would have computed: a batch may show in a vector's last
  /// bits.
  bool encode_some() {
    std::vector<Tensor> pixels;
    std::vector<std::string> contents;
    PictureBatch batch;
    const auto begin = done_;
    while (done_ < begin + at_once) {
      auto read = ahead_.next();
      if (!read) break;
      if (read->vector) put(done_, *read->vector);
      if (read->pixels) {
        pixels.push_back(std::move(*read->pixels));
        contents.push_back(std::move(read->content));
        batch.files.push_back(done_);
      }
      ++done_;
    }
    if (done_ == begin) return false;
    if (!pixels.empty()) encode(std::move(batch), pixels, contents);
    if (const auto& known = encoding_.known) {
      known->vectors->write();
      known->contents->write();
    }
    return true;
  }

  std::size_t done() const { return done_; }

  EncodedFiles result() {
    EncodedFiles rows;
    for (std::size_t i = 0; i < is_there_.size(); ++i)
      if (is_there_[i]) rows.from.push_back(i);
    if (rows.from.size() == is_there_.size()) {
      rows.vectors = std::move(vectors_);
      return rows;
    }
    rows.vectors = Tensor({rows.from.size(), encoding_.width});
    auto* to = rows.vectors.data();
    for (const auto i : rows.from)
      to = std::ranges::copy(vectors_.matrix().row(i), to).out;
    return rows;
  }

 private:
  void put(std::size_t file, std::span<const float> vector) {
    std::ranges::copy(vector, vectors_.data() + file * encoding_.width);
    is_there_[file] = true;
  }

  void encode(PictureBatch batch, const std::vector<Tensor>& pixels,
              const std::vector<std::string>& contents) {
    const auto side = encoding_.preprocess.side;
    batch.pixels = Tensor({pixels.size(), 3, side, side});
    auto* to = batch.pixels.data();
    for (const auto& one : pixels) to = std::ranges::copy(one.values(), to).out;
    const auto vectors = encoding_.encode(batch);
    for (std::size_t i = 0; i < contents.size(); ++i) {
      const auto file = batch.files[i];
      put(file, vectors.matrix().row(i));
      if (const auto& known = encoding_.known)
        known->vectors->put(
            contents[i], known->words ? known->words(file) : std::string_view(),
            vectors.matrix().row(i));
    }
  }

  const FileEncoding& encoding_;
  std::size_t done_ = 0;
  Tensor vectors_;
  std::vector<bool> is_there_;
  Ahead<ReadFile> ahead_;
};

}  // namespace

std::optional<EncodedFiles> encode_files(const std::vector<fs::path>& files,
                                         const FileEncoding& encoding) {
  Encoder encoder(files, encoding);
  while (encoder.encode_some())
    if (encoding.progress && !encoding.progress(encoder.done(), files.size()))
      return std::nullopt;
  return encoder.result();
}

}  // namespace igrot

#include "eval/encode_files.h"

#include <algorithm>

#include "base/ahead.h"
#include "igrot/error.h"

namespace igrot {
namespace {

constexpr std::size_t at_once = 32;

/// Pixels of files in order, in batches; files that cannot be read are noted.
class Pictures {
 public:
  Pictures(const std::vector<std::filesystem::path>& files,
           const FileEncoding& encoding)
      : encoding_(encoding),
        ahead_(files.size(), encoding.runtime.thread_count(), 2 * at_once,
               [&](std::size_t i) { return read(files[i]); }) {}

  /// Empty after the last; a batch of unreadable files has no rows.
  std::optional<PictureBatch> next() {
    std::vector<Tensor> read;
    PictureBatch batch;
    std::size_t taken = 0;
    for (; taken < at_once; ++taken) {
      auto pixels = ahead_.next();
      if (!pixels) break;
      if (*pixels) {
        read.push_back(std::move(**pixels));
        batch.files.push_back(done_);
      }
      ++done_;
    }
    if (taken == 0) return std::nullopt;
    const auto side = encoding_.preprocess.side;
    batch.pixels = Tensor({read.size(), 3, side, side});
    auto* to = batch.pixels.data();
    for (const auto& one : read) to = std::ranges::copy(one.values(), to).out;
    return batch;
  }

  std::size_t done() const { return done_; }

 private:
  std::optional<Tensor> read(const std::filesystem::path& file) const {
    try {
      return read_pixels(file, encoding_.preprocess, encoding_.recipe);
    } catch (const Error& error) {
      if (encoding_.runtime.warn) encoding_.runtime.warn(error.what());
      return std::nullopt;
    }
  }

  const FileEncoding& encoding_;
  std::size_t done_ = 0;
  Ahead<std::optional<Tensor>> ahead_;
};

}  // namespace

std::optional<EncodedFiles> encode_files(
    const std::vector<std::filesystem::path>& files,
    const FileEncoding& encoding) {
  Pictures pictures(files, encoding);
  EncodedFiles rows{Tensor({files.size(), encoding.width}), {}};
  auto* to = rows.vectors.data();
  while (const auto batch = pictures.next()) {
    if (!batch->files.empty())
      to = std::ranges::copy(encoding.encode(*batch).values(), to).out;
    rows.from.insert(rows.from.end(), batch->files.begin(), batch->files.end());
    if (encoding.progress && !encoding.progress(pictures.done(), files.size()))
      return std::nullopt;
  }
  if (rows.from.size() < files.size())
    rows.vectors =
        Tensor({rows.from.size(), encoding.width},
               rows.vectors.values().first(rows.from.size() * encoding.width));
  return rows;
}

}  // namespace igrot

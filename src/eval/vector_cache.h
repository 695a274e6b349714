// Vectors that were computed before, on disk: by what is in the picture's file,
// the words, and everything else that they depend on. An evaluation that was
// killed goes on with them; the next one starts with them.
#pragma once

#include <atomic>
#include <functional>
#include <span>

#include "base/record_log.h"
#include "igrot/tensor.h"

namespace igrot {

using Warn = std::function<void(std::string_view)>;

/// Records of which none has to be kept: a disk that is full is warned of once,
/// and nothing is added any more. Safe from many threads, but for `write`.
class KeptRecords {
 public:
  KeptRecords(const std::filesystem::path& file, std::size_t value_bytes,
              Warn warn)
      : log_(file, value_bytes), warn_(std::move(warn)) {}

  std::optional<std::vector<std::byte>> find(const RecordLog::Key& key) const {
    return log_.find(key);
  }
  void put(const RecordLog::Key& key, Bytes value) {
    if (grows_) log_.put(key, value);
  }
  void write();

 private:
  RecordLog log_;
  Warn warn_;
  std::atomic<bool> grows_ = true;
};

/// What is in a file, by SHA-256; known again without reading it as long as its
/// path, size and time stay. Safe from many threads, but for `write`.
class ContentHashes {
 public:
  /// folder: is made. Throws Error: corrupt, io.
  ContentHashes(const std::filesystem::path& folder, Warn warn);

  /// Of path, size and time. Throws Error: not_found, unsupported (not a
  /// regular file), io.
  static RecordLog::Key stamp(const std::filesystem::path& file);

  std::optional<std::string> find(const RecordLog::Key& stamp) const;

  /// What was read after `stamp` was taken; comes to disk with `write`.
  void put(const RecordLog::Key& stamp, const std::string& content) {
    records_.put(stamp, as_bytes(content));
  }
  void write() { records_.write(); }

 private:
  KeptRecords records_;
};

/// Vectors of one kind. Safe from many threads, but for `write`.
class VectorCache {
 public:
  /// kind: everything besides picture and words that the vectors depend on,
  /// as words for people; a file beside the vectors tells it. width: of a
  /// vector. Throws Error: corrupt, io.
  VectorCache(const std::filesystem::path& folder, const std::string& kind,
              std::size_t width, Warn warn);

  /// content: of ContentHashes, or empty where there is no picture.
  std::optional<std::vector<float>> find(std::string_view content,
                                         std::string_view words) const;

  /// Comes to disk with `write`.
  void put(std::string_view content, std::string_view words,
           std::span<const float> vector);
  void write() { records_.write(); }

 private:
  std::size_t width_;
  KeptRecords records_;
};

}  // namespace igrot

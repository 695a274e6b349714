// A run of bytes in a container that tensors are views of.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/file.h"

namespace igrot {

/// The mapped file a container was opened from, with its name for messages.
/// Shared by everything that views it.
struct ContainerFile {
  std::string name;
  MappedFile file;

  Bytes bytes() const { return file.bytes(); }
};

using SharedFile = std::shared_ptr<const ContainerFile>;

/// Where a storage lies in its file and how it is packed.
struct Packed {
  Packed() = default;

  /// Bytes that are as they lie, with nothing to check.
  explicit Packed(Bytes plain) : bytes(plain), size_bytes(plain.size()) {}

  Bytes bytes;                       ///< as they lie in the file
  std::uint64_t size_bytes = 0;      ///< when unpacked
  bool deflated = false;             ///< raw deflate (RFC 1951)
  std::optional<std::uint32_t> crc;  ///< CRC-32 of the unpacked bytes
  std::string name;                  ///< for messages
};

/// A run of bytes, checked and unpacked when it is first used. Keeps its file
/// mapped. Safe from many threads.
class Storage {
 public:
  Storage(SharedFile file, Packed packed)
      : file_(std::move(file)), packed_(std::move(packed)) {}

  std::uint64_t size_bytes() const { return packed_.size_bytes; }

  /// The file it lies in, for messages.
  const std::string& file_name() const { return file_->name; }

  /// The unpacked bytes; they live as long as the storage. Throws Error:
  /// corrupt (checksum, deflate stream), naming the record.
  Bytes bytes() const;

 private:
  Bytes unpacked() const {
    return packed_.deflated ? Bytes(inflated_) : packed_.bytes;
  }

  SharedFile file_;
  Packed packed_;
  mutable std::mutex mutex_;
  mutable bool ready_ = false;
  mutable std::vector<std::byte> inflated_;
};

using SharedStorage = std::shared_ptr<const Storage>;

}  // namespace igrot

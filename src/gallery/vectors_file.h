// The vectors file: float32 rows one after another, little-endian, no header.
#pragma once

#include <filesystem>
#include <optional>

#include "base/bytes.h"

namespace igrot {

/// The first bytes of a file, mapped read-only. Holds when the file is
/// lengthened or removed.
class VectorsMap {
 public:
  /// Nothing where there is no such file. Throws Error: corrupt (shorter than
  /// `size_bytes`, or not a regular file), io.
  static std::optional<VectorsMap> open(const std::filesystem::path& file,
                                        std::uint64_t size_bytes);

  VectorsMap(VectorsMap&& other) noexcept;
  VectorsMap& operator=(VectorsMap&&) = delete;
  ~VectorsMap();

  Bytes bytes() const { return {data_, size_}; }

 private:
  VectorsMap(const std::byte* data, std::size_t size)
      : data_(data), size_(size) {}

  const std::byte* data_;
  std::size_t size_;
};

/// The file as its one writer sees it.
class VectorsWriter {
 public:
  enum class Mode {
    existing,
    fresh,  ///< made, or emptied where it is there
  };

  /// Throws Error: corrupt (an existing one is missing or not a regular file),
  /// io.
  VectorsWriter(const std::filesystem::path& file, Mode mode);
  VectorsWriter(VectorsWriter&& other) noexcept;
  VectorsWriter& operator=(VectorsWriter&& other) noexcept;
  ~VectorsWriter();

  /// Drops what lies beyond. Throws Error: corrupt (the file is shorter), io.
  void cut(std::uint64_t size_bytes);

  void write(std::uint64_t offset, Bytes bytes);

  /// Until it returns, nothing written is safe.
  void sync();

 private:
  std::filesystem::path file_;
  int descriptor_ = -1;
};

/// Makes the names in a folder durable. Throws Error: io.
void sync_folder(const std::filesystem::path& folder);

}  // namespace igrot

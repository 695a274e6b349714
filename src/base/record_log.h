// A file of records, each under a key, that only grows: for what can be
// computed again. Killing a writer at any moment costs at most the records it
// was writing; several processes may add to one file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"

namespace igrot {

/// Safe from many threads.
class RecordLog {
 public:
  /// 64 characters, such as a SHA-256 in hexadecimal digits.
  using Key = std::string;
  static constexpr std::size_t key_bytes = 64;

  /// Opens the file, or makes it. Records whose checksum is wrong are left out.
  /// value_bytes: of every value, 1 to 16 MiB. Throws Error: corrupt (not such
  /// a file), usage (sizes), io.
  RecordLog(std::filesystem::path path, std::size_t value_bytes);
  RecordLog(const RecordLog&) = delete;
  RecordLog& operator=(const RecordLog&) = delete;
  ~RecordLog();

  /// The value that is on disk, or nothing. Throws Error: io.
  std::optional<std::vector<std::byte>> find(const Key& key) const;

  /// Takes a record for the next `write`. Throws Error: usage (sizes).
  void put(const Key& key, Bytes value);

  /// What was put comes to disk and is synced; of two records of one key the
  /// later one counts. Throws Error: io; then the file is as before.
  void write();

 private:
  std::size_t record_bytes() const;
  void read_records(std::uint64_t end);

  std::filesystem::path path_;
  std::size_t value_bytes_;
  int descriptor_ = -1;
  mutable std::shared_mutex mutex_;
  std::unordered_map<Key, std::uint64_t> offsets_;  ///< of values
  std::vector<Key> waiting_;
  std::vector<std::byte> waiting_bytes_;  ///< whole records
};

}  // namespace igrot

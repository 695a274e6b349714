// The lock that makes one process the writer of a gallery.
#pragma once

#include <filesystem>

namespace igrot {

/// Held while it lives; the system lets go of it when the process ends, however
/// it ends. The file holds the holder's process id and is never removed.
class WriterLock {
 public:
  /// Throws Error: io (held by another, who is named; or the system refused).
  explicit WriterLock(const std::filesystem::path& file);
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;
  ~WriterLock();

 private:
  int descriptor_;
};

}  // namespace igrot

// Layout, little-endian: 16 bytes "igrot records 1\n", the size of a value
// (uint64), then records of key, value, checksum (XXH3 of key and value).
#include "base/record_log.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <mutex>

#include "base/fail.h"

namespace igrot {
namespace {

constexpr std::string_view magic = "igrot records 1\n";
constexpr std::size_t header_bytes = magic.size() + sizeof(std::uint64_t);
constexpr std::size_t most_value_bytes = std::size_t{1} << 24;
constexpr std::size_t records_at_once = 256;

[[noreturn]] void fail_io(const std::filesystem::path& path,
                          std::string_view doing) {
  fail(ErrorKind::io, "{}: cannot {}: {}", path.string(), doing,
       std::strerror(errno));
}

/// The lock of all writers, held while it lives.
class FileLock {
 public:
  FileLock(int descriptor, const std::filesystem::path& path)
      : descriptor_(descriptor) {
    while (::flock(descriptor_, LOCK_EX) != 0)
      if (errno != EINTR) fail_io(path, "lock");
  }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock() { ::flock(descriptor_, LOCK_UN); }

 private:
  int descriptor_;
};

std::uint64_t file_size(int descriptor, const std::filesystem::path& path) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) fail_io(path, "look at");
  return static_cast<std::uint64_t>(status.st_size);
}

/// False where the file is shorter.
bool read_at(int descriptor, std::uint64_t offset, std::span<std::byte> to,
             const std::filesystem::path& path) {
  while (!to.empty()) {
    const auto got =
        ::pread(descriptor, to.data(), to.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_io(path, "read");
    if (got == 0) return false;
    to = to.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
  return true;
}

bool write_at(int descriptor, std::uint64_t offset, Bytes from) {
  while (!from.empty()) {
    const auto put = ::pwrite(descriptor, from.data(), from.size(),
                              static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    from = from.subspan(static_cast<std::size_t>(put));
    offset += static_cast<std::uint64_t>(put);
  }
  return true;
}

void append(std::vector<std::byte>& to, Bytes bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

void append_number(std::vector<std::byte>& to, std::uint64_t number) {
  append(to, std::as_bytes(std::span(&number, 1)));
}

std::vector<std::byte> header_of(std::size_t value_bytes) {
  std::vector<std::byte> header;
  append(header, as_bytes(magic));
  append_number(header, value_bytes);
  return header;
}

std::uint64_t checksum(Bytes bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

/// Opens or makes the file.
int open_file(const std::filesystem::path& path) {
  const int descriptor =
      ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (descriptor < 0) fail_io(path, "open");
  return descriptor;
}

}  // namespace

RecordLog::RecordLog(std::filesystem::path path, std::size_t value_bytes)
    : path_(std::move(path)), value_bytes_(value_bytes) {
  if (value_bytes == 0 || value_bytes > most_value_bytes)
    fail(ErrorKind::usage, "a record of {} bytes, expected 1 to {}",
         value_bytes, most_value_bytes);
  descriptor_ = open_file(path_);
  try {
    const FileLock lock(descriptor_, path_);
    const auto header = header_of(value_bytes_);
    const auto size = file_size(descriptor_, path_);
    // Whoever made it was killed before it had a header.
    if (size < header.size() && !write_at(descriptor_, 0, header))
      fail_io(path_, "write");
    std::vector<std::byte> found(header.size());
    read_at(descriptor_, 0, found, path_);
    if (found != header)
      fail(ErrorKind::corrupt,
           "{}: not a file of records of {} bytes; what it holds can be "
           "computed again, so it may be removed",
           path_.string(), value_bytes_);
    read_records(size);
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

RecordLog::~RecordLog() {
  ::close(descriptor_);
}

std::size_t RecordLog::record_bytes() const {
  return key_bytes + value_bytes_ + sizeof(std::uint64_t);
}

void RecordLog::read_records(std::uint64_t end) {
  std::vector<std::byte> block;
  for (std::uint64_t at = header_bytes; at + record_bytes() <= end;) {
    const auto count =
        std::min<std::uint64_t>((end - at) / record_bytes(), records_at_once);
    block.resize(count * record_bytes());
    if (!read_at(descriptor_, at, block, path_)) return;
    for (std::size_t i = 0; i < count; ++i) {
      const auto record = Bytes(block).subspan(i * record_bytes());
      const auto content = record.first(key_bytes + value_bytes_);
      if (load_little<std::uint64_t>(record.subspan(content.size())) ==
          checksum(content))
        offsets_[Key(as_text(content.first(key_bytes)))] =
            at + i * record_bytes() + key_bytes;
    }
    at += block.size();
  }
}

std::optional<std::vector<std::byte>> RecordLog::find(const Key& key) const {
  std::uint64_t offset = 0;
  {
    const std::shared_lock lock(mutex_);
    const auto found = offsets_.find(key);
    if (found == offsets_.end()) return std::nullopt;
    offset = found->second;
  }
  std::vector<std::byte> value(value_bytes_);
  if (!read_at(descriptor_, offset, value, path_)) return std::nullopt;
  return value;
}

void RecordLog::put(const Key& key, Bytes value) {
  if (key.size() != key_bytes || value.size() != value_bytes_)
    fail(ErrorKind::usage,
         "{}: a record of {} and {} bytes, expected {} and {}", path_.string(),
         key.size(), value.size(), key_bytes, value_bytes_);
  const std::unique_lock guard(mutex_);
  const auto begin = waiting_bytes_.size();
  append(waiting_bytes_, as_bytes(key));
  append(waiting_bytes_, value);
  append_number(waiting_bytes_, checksum(Bytes(waiting_bytes_).subspan(begin)));
  waiting_.push_back(key);
}

void RecordLog::write() {
  const std::unique_lock guard(mutex_);
  if (waiting_.empty()) return;
  const FileLock lock(descriptor_, path_);
  // Behind the last whole record: a killed writer may have left a part of one.
  const auto size =
      std::max<std::uint64_t>(file_size(descriptor_, path_), header_bytes);
  const auto begin = size - (size - header_bytes) % record_bytes();
  if (!write_at(descriptor_, begin, waiting_bytes_) ||
      ::fdatasync(descriptor_) != 0) {
    const int code = errno;
    (void)!::ftruncate(descriptor_, static_cast<off_t>(begin));
    errno = code;
    fail_io(path_, "write");
  }
  for (std::size_t i = 0; i < waiting_.size(); ++i)
    offsets_[waiting_[i]] = begin + i * record_bytes() + key_bytes;
  waiting_.clear();
  waiting_bytes_.clear();
}

}  // namespace igrot

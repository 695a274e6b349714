#include "gallery/vectors_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/fail.h"

namespace igrot {
namespace {

[[noreturn]] void fail_from_errno(std::string_view doing,
                                  const std::filesystem::path& path) {
  fail(ErrorKind::io, "{}: cannot {}: {}", path.string(), doing,
       std::strerror(errno));
}

std::uint64_t size_of(int descriptor, const std::filesystem::path& file) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) fail_from_errno("inspect", file);
  if (!S_ISREG(status.st_mode))
    fail(ErrorKind::corrupt, "{}: not a regular file", file.string());
  return static_cast<std::uint64_t>(status.st_size);
}

void expect_size(std::uint64_t size, std::uint64_t expected,
                 const std::filesystem::path& file) {
  if (size < expected)
    fail(ErrorKind::corrupt, "{}: {} bytes, expected at least {}",
         file.string(), size, expected);
}

/// Closes on destruction; release() keeps it open.
class Guard {
 public:
  explicit Guard(int descriptor) : descriptor_(descriptor) {}
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;
  ~Guard() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const { return descriptor_; }
  int release() { return std::exchange(descriptor_, -1); }

 private:
  int descriptor_;
};

}  // namespace

std::optional<VectorsMap> VectorsMap::open(const std::filesystem::path& file,
                                           std::uint64_t size_bytes) {
  const Guard guard(
      ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (guard.get() < 0) {
    if (errno == ENOENT) return std::nullopt;
    fail_from_errno("open", file);
  }
  expect_size(size_of(guard.get(), file), size_bytes, file);
  if (size_bytes == 0) return VectorsMap(nullptr, 0);
  void* data =
      ::mmap(nullptr, size_bytes, PROT_READ, MAP_SHARED, guard.get(), 0);
  if (data == MAP_FAILED) fail_from_errno("map", file);
  return VectorsMap(static_cast<const std::byte*>(data), size_bytes);
}

VectorsMap::VectorsMap(VectorsMap&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

VectorsMap::~VectorsMap() {
  if (data_) ::munmap(const_cast<std::byte*>(data_), size_);
}

VectorsWriter::VectorsWriter(const std::filesystem::path& file, Mode mode)
    : file_(file) {
  const int flags = mode == Mode::fresh ? O_CREAT | O_TRUNC : 0;
  Guard guard(::open(file.c_str(),
                     O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags, 0644));
  if (guard.get() < 0) {
    if (errno == ENOENT && mode == Mode::existing)
      fail(ErrorKind::corrupt, "{}: the vectors file is missing",
           file.string());
    fail_from_errno("open", file);
  }
  size_of(guard.get(), file);
  descriptor_ = guard.release();
}

VectorsWriter::VectorsWriter(VectorsWriter&& other) noexcept
    : file_(std::move(other.file_)),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

VectorsWriter& VectorsWriter::operator=(VectorsWriter&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

VectorsWriter::~VectorsWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void VectorsWriter::cut(std::uint64_t size_bytes) {
  const auto size = size_of(descriptor_, file_);
  expect_size(size, size_bytes, file_);
  if (size > size_bytes &&
      ::ftruncate(descriptor_, static_cast<off_t>(size_bytes)) != 0)
    fail_from_errno("cut", file_);
}

void VectorsWriter::write(std::uint64_t offset, Bytes bytes) {
  while (!bytes.empty()) {
    const auto count = ::pwrite(descriptor_, bytes.data(), bytes.size(),
                                static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_from_errno("write", file_);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
}

void VectorsWriter::sync() {
  if (::fdatasync(descriptor_) != 0) fail_from_errno("sync", file_);
}

void sync_folder(const std::filesystem::path& folder) {
  const Guard guard(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (guard.get() < 0) fail_from_errno("open", folder);
  // Some network file systems cannot, and need not, sync a folder.
  if (::fsync(guard.get()) != 0 && errno != EINVAL)
    fail_from_errno("sync", folder);
}

}  // namespace igrot

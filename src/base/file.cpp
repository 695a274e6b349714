#include "base/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace igrot {
namespace {

[[noreturn]] void fail_from_errno(std::string_view doing,
                                  const std::filesystem::path& path) {
  const int code = errno;
  const auto kind =
      code == ENOENT || code == ENOTDIR ? ErrorKind::not_found : ErrorKind::io;
  fail(kind, "{}: cannot {}: {}", path.string(), doing, std::strerror(code));
}

/// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept
      : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }

 private:
  int number_;
};

struct Regular {
  Descriptor descriptor;
  std::size_t size;
};

// O_NONBLOCK keeps a pipe or device from blocking before it is refused.
Regular open_regular(const std::filesystem::path& path) {
  const int number =
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (number < 0) fail_from_errno("open", path);
  Descriptor descriptor(number);
  struct stat status {};
  if (::fstat(number, &status) != 0) fail_from_errno("inspect", path);
  if (!S_ISREG(status.st_mode))
    fail(ErrorKind::unsupported, "{}: not a regular file", path.string());
  return {std::move(descriptor), static_cast<std::size_t>(status.st_size)};
}

}  // namespace

MappedFile MappedFile::open(const std::filesystem::path& path) {
  const auto file = open_regular(path);
  if (file.size == 0) return {nullptr, 0};
  void* data = ::mmap(nullptr, file.size, PROT_READ, MAP_PRIVATE,
                      file.descriptor.get(), 0);
  if (data == MAP_FAILED) fail_from_errno("map", path);
  return {static_cast<const std::byte*>(data), file.size};
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_) ::munmap(const_cast<std::byte*>(data_), size_);
}

std::vector<std::byte> read_file(const std::filesystem::path& path,
                                 std::uint64_t limit_bytes) {
  const auto file = open_regular(path);
  if (file.size > limit_bytes)
    fail(ErrorKind::unsupported, "{}: {} bytes, more than the limit of {}",
         path.string(), file.size, limit_bytes);
  std::vector<std::byte> content(file.size);
  std::size_t filled = 0;
  while (filled < content.size()) {
    const auto count = ::read(file.descriptor.get(), content.data() + filled,
                              content.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_from_errno("read", path);
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  content.resize(filled);
  return content;
}

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)) {
  auto name = path_.string() + ".XXXXXX";
  descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor_ < 0) fail_from_errno("create", path_);
  temporary_ = name;
  ::fchmod(descriptor_, 0644);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

void AtomicFile::write(Bytes bytes) {
  write_at(size_, bytes);
  size_ += bytes.size();
}

void AtomicFile::rewrite_start(Bytes bytes) {
  write_at(0, bytes);
}

void AtomicFile::write_at(std::uint64_t offset, Bytes bytes) {
  while (!bytes.empty()) {
    const auto count = ::pwrite(descriptor_, bytes.data(), bytes.size(),
                                static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_from_errno("write", path_);
    offset += static_cast<std::uint64_t>(count);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

void AtomicFile::commit() {
  if (::fsync(descriptor_) != 0) fail_from_errno("sync", path_);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0)
    fail_from_errno("write", path_);
  ::close(std::exchange(descriptor_, -1));
}

}  // namespace igrot

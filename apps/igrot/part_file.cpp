#include "part_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "base/fail.h"
#include "base/file.h"
#include "base/sha256.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t etag_limit_bytes = 4096;

fs::path with_suffix(fs::path path, std::string_view suffix) {
  path += suffix;
  return path;
}

std::string read_etag(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error || size > etag_limit_bytes) return {};
  return std::string(as_text(read_file(path, etag_limit_bytes)));
}

/// The size of an open file that still has that name: whoever held it may have
/// given it another one since it was opened.
std::optional<std::uint64_t> size_under_name(int descriptor,
                                             const fs::path& path) {
  struct stat open {};
  struct stat named {};
  if (::fstat(descriptor, &open) != 0 || ::stat(path.c_str(), &named) != 0 ||
      open.st_dev != named.st_dev || open.st_ino != named.st_ino)
    return std::nullopt;
  return static_cast<std::uint64_t>(open.st_size);
}

}  // namespace

PartFile::PartFile(fs::path target)
    : target_(std::move(target)),
      path_(with_suffix(target_, ".part")),
      etag_path_(with_suffix(target_, ".part.etag")) {
  descriptor_ =
      ::open(path_.c_str(),
             O_RDWR | O_CREAT | O_CLOEXEC | O_APPEND | O_NOFOLLOW, 0666);
  if (descriptor_ < 0) fail_to("open");
  const bool locked = ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
  const auto size = locked ? size_under_name(descriptor_, path_) : std::nullopt;
  if (!size) {
    ::close(descriptor_);
    fail(ErrorKind::io, "{}: another program is fetching this file",
         target_.string());
  }
  size_ = *size;
  if (size_ > 0) etag_ = read_etag(etag_path_);
}

PartFile::~PartFile() {
  if (size_ == 0) remove();
  ::close(descriptor_);
}

void PartFile::fail_to(const char* doing) const {
  fail(ErrorKind::io, "{}: cannot {}: {}", path_.string(), doing,
       std::strerror(errno));
}

void PartFile::append(Bytes bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_to("write");
    const auto count = static_cast<std::size_t>(written);
    bytes = bytes.subspan(count);
    size_ += count;
  }
}

void PartFile::restart(const std::string& etag) {
  if (::ftruncate(descriptor_, 0) != 0) fail_to("empty");
  size_ = 0;
  etag_ = etag.size() <= etag_limit_bytes ? etag : "";
  std::error_code ignored;
  fs::remove(etag_path_, ignored);
  if (etag_.empty()) return;
  AtomicFile file(etag_path_);
  file.write(etag_);
  file.commit();
}

std::string PartFile::sha256() const {
  return sha256_hex(MappedFile::open(path_).bytes());
}

void PartFile::commit() {
  if (::fsync(descriptor_) != 0) fail_to("sync");
  if (::rename(path_.c_str(), target_.c_str()) != 0) fail_to("rename");
  std::error_code ignored;
  fs::remove(etag_path_, ignored);
}

void PartFile::remove() {
  std::error_code ignored;
  fs::remove(path_, ignored);
  fs::remove(etag_path_, ignored);
}

}  // namespace igrot::app

#include "formats/rewritable_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace igrot {
namespace {

[[noreturn]] void fail_from_errno(std::string_view doing,
                                  const std::filesystem::path& path) {
  fail(ErrorKind::io, "{}: cannot {}: {}", path.string(), doing,
       std::strerror(errno));
}

}  // namespace

RewritableFile::RewritableFile(std::filesystem::path path)
    : path_(std::move(path)) {
  auto name = path_.string() + ".XXXXXX";
  descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor_ < 0) fail_from_errno("create", path_);
  temporary_ = name;
  ::fchmod(descriptor_, 0644);
}

RewritableFile::~RewritableFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

void RewritableFile::write(Bytes bytes) {
  write_at(size_, bytes);
  size_ += bytes.size();
}

void RewritableFile::rewrite_start(Bytes bytes) {
  write_at(0, bytes);
}

void RewritableFile::write_at(std::uint64_t offset, Bytes bytes) {
  while (!bytes.empty()) {
    const auto count = ::pwrite(descriptor_, bytes.data(), bytes.size(),
                                static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_from_errno("write", path_);
    offset += static_cast<std::uint64_t>(count);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

void RewritableFile::commit() {
  if (::fsync(descriptor_) != 0) fail_from_errno("sync", path_);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0)
    fail_from_errno("write", path_);
  ::close(std::exchange(descriptor_, -1));
}

}  // namespace igrot

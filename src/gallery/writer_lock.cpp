#include "gallery/writer_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>

#include "base/fail.h"

namespace igrot {
namespace {

std::string holder(int descriptor) {
  std::array<char, 24> text{};
  const auto size = ::pread(descriptor, text.data(), text.size(), 0);
  long process = 0;
  if (size > 0) std::from_chars(text.data(), text.data() + size, process);
  return process > 0 ? fmt::format("process {}", process) : "another process";
}

}  // namespace

WriterLock::WriterLock(const std::filesystem::path& file)
    : descriptor_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
  if (descriptor_ < 0)
    fail(ErrorKind::io, "{}: cannot open the writer's lock: {}", file.string(),
         std::strerror(errno));
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) {
    const auto process = fmt::format("{}\n", ::getpid());
    // Only the wording of others' errors depends on it.
    if (::ftruncate(descriptor_, 0) == 0)
      (void)!::pwrite(descriptor_, process.data(), process.size(), 0);
    return;
  }
  const int code = errno;
  const auto other = holder(descriptor_);
  ::close(descriptor_);
  if (code == EWOULDBLOCK)
    fail(ErrorKind::io, "{}: the gallery is being written by {}",
         file.parent_path().string(), other);
  fail(ErrorKind::io, "{}: cannot lock: {}", file.string(),
       std::strerror(code));
}

WriterLock::~WriterLock() {
  ::close(descriptor_);
}

}  // namespace igrot

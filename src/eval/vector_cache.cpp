#include "eval/vector_cache.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cstring>

#include "base/fail.h"
#include "base/file.h"
#include "base/sha256.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kind_ending = ".txt";

const fs::path& made(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    fail(ErrorKind::io, "{}: cannot make the folder: {}", folder.string(),
         error.message());
  return folder;
}

/// Different sequences of texts enter differently: each after its length.
RecordLog::Key key_of(std::initializer_list<std::string_view> texts) {
  Sha256 hash;
  for (const auto text : texts) {
    const std::uint64_t size = text.size();
    hash.add(std::as_bytes(std::span(&size, 1)));
    hash.add(as_bytes(text));
  }
  return hash.hex();
}

/// The file of a kind; what it is stands beside it.
fs::path log_of(const fs::path& folder, const std::string& kind) {
  const auto name = "vectors-" + key_of({kind}).substr(0, 32);
  const auto about = made(folder) / (name + std::string(kind_ending));
  if (std::error_code error; !fs::exists(about, error)) {
    AtomicFile file(about);
    file.write(kind);
    file.commit();
  }
  return folder / name;
}

}  // namespace

void KeptRecords::write() {
  if (!grows_) return;
  try {
    log_.write();
  } catch (const Error& error) {
    grows_ = false;
    if (warn_)
      warn_(fmt::format("vectors are no longer kept: {}", error.what()));
  }
}

ContentHashes::ContentHashes(const fs::path& folder, Warn warn)
    : records_(made(folder) / "files", RecordLog::key_bytes, std::move(warn)) {}

RecordLog::Key ContentHashes::stamp(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0)
    fail(errno == ENOENT ? ErrorKind::not_found : ErrorKind::io, "{}: {}",
         file.string(), std::strerror(errno));
  if (!S_ISREG(status.st_mode))
    fail(ErrorKind::unsupported, "{}: not a regular file", file.string());
  return key_of({fs::absolute(file).native(),
                 fmt::format("{} {} {}", status.st_size, status.st_mtim.tv_sec,
                             status.st_mtim.tv_nsec)});
}

std::optional<std::string> ContentHashes::find(
    const RecordLog::Key& stamp) const {
  const auto content = records_.find(stamp);
  if (!content) return std::nullopt;
  return std::string(as_text(*content));
}

VectorCache::VectorCache(const fs::path& folder, const std::string& kind,
                         std::size_t width, Warn warn)
    : width_(width),
      records_(log_of(folder, kind), width * sizeof(float), std::move(warn)) {}

std::optional<std::vector<float>> VectorCache::find(
    std::string_view content, std::string_view words) const {
  const auto bytes = records_.find(key_of({content, words}));
  if (!bytes) return std::nullopt;
  std::vector<float> vector(width_);
  std::memcpy(vector.data(), bytes->data(), bytes->size());
  return vector;
}

void VectorCache::put(std::string_view content, std::string_view words,
                      std::span<const float> vector) {
  records_.put(key_of({content, words}), std::as_bytes(vector));
}

}  // namespace igrot

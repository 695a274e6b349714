#include "gallery_place.h"

#include <unistd.h>

#include "base/fail.h"
#include "base/sha256.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

// Long enough that no two folders of one user meet.
constexpr std::size_t hash_digits = 16;

std::optional<fs::path> user_gallery(const Session& session,
                                     const fs::path& root) {
  const auto data =
      user_folder(session.world().environment, "XDG_DATA_HOME", ".local/share");
  if (!data) return std::nullopt;
  const auto hash = sha256_hex(as_bytes(root.native()));
  return *data / "igrot" / hash.substr(0, hash_digits);
}

bool is_writable(const fs::path& folder) {
  return ::access(folder.c_str(), W_OK) == 0;
}

fs::path absolute(const Session& session, const fs::path& path) {
  std::error_code error;
  return fs::weakly_canonical(session.world().working_folder / path, error);
}

fs::path given_gallery(const fs::path& given) {
  const auto inside = given / gallery_name;
  return !holds_gallery(given) && holds_gallery(inside) ? inside : given;
}

}  // namespace

bool holds_gallery(const fs::path& folder) {
  std::error_code error;
  return fs::exists(folder / "gallery.sqlite", error);
}

GalleryPlace place_for(const Session& session, const fs::path& root) {
  if (const auto given = session.settings.path("gallery"))
    return {given_gallery(*given), {}};
  auto base = absolute(session, root);
  if (!fs::is_directory(base)) base = base.parent_path();
  const auto inside = base / gallery_name;
  const bool usable =
      holds_gallery(inside) ? is_writable(inside) : is_writable(base);
  if (!usable)
    if (const auto elsewhere = user_gallery(session, base))
      return {*elsewhere, base};
  return {inside, base};
}

fs::path find_gallery(const Session& session) {
  if (const auto given = session.settings.path("gallery"))
    return given_gallery(*given);
  const auto start = absolute(session, ".");
  for (auto folder = start;; folder = folder.parent_path()) {
    if (holds_gallery(folder / gallery_name)) return folder / gallery_name;
    const auto elsewhere = user_gallery(session, folder);
    if (elsewhere && holds_gallery(*elsewhere)) return *elsewhere;
    if (folder == folder.parent_path()) break;
  }
  fail(ErrorKind::not_found,
       "no gallery in {} or above: make one with igrot index, or name one with "
       "--gallery",
       start.string());
}

}  // namespace igrot::app

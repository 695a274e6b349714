// A gallery: a folder that holds pictures' vectors and what is known of the
// files they came from. docs/gallery.md describes its bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "igrot/error.h"
#include "igrot/runtime.h"
#include "igrot/tensor.h"

namespace igrot {

/// What made a gallery's vectors. Vectors of two models never mix.
struct GalleryModel {
  /// Whatever must be equal for two vectors to be comparable.
  std::string fingerprint;

  /// Numbers in a vector, 1 to 65536.
  std::size_t width = 0;

  /// Where the model's weights were when the gallery was made, and their
  /// SHA-256, to find them again.
  std::filesystem::path path;
  std::string sha256;

  /// The model's settings, for people and programs to read: JSON text.
  std::string description;
};

/// A file as a folder listing shows it.
struct FileState {
  std::filesystem::path path;
  std::uint64_t size_bytes = 0;
  /// Since 1970-01-01, in nanoseconds.
  std::int64_t modified_ns = 0;
};

/// Why a file has no vector.
struct Skip {
  ErrorKind kind = ErrorKind::corrupt;
  std::string reason;
};

/// A file to append: exactly one of `vector` and `skip` is set.
struct NewItem {
  FileState file;
  /// Of the file's bytes, by any hash, always the same one; empty where they
  /// could not be read.
  std::string content_hash;
  /// A unit row of the gallery's width.
  std::span<const float> vector;
  std::optional<Skip> skip;
  /// How the vector was computed and its picture decoded.
  std::string precision;
  std::string decoding;
};

/// One file of a gallery: with a vector, or skipped.
struct Item {
  /// Grows with insertion. A file that is appended again gets a new one; a file
  /// that has moved keeps it.
  std::int64_t id = 0;
  /// Its path is absolute.
  FileState file;
  std::string content_hash;
  std::optional<Skip> skip;
  std::string precision;
  std::string decoding;
};

enum class ItemKind { all, indexed, skipped };

struct Hit {
  std::int64_t id = 0;
  std::filesystem::path path;
  float score = 0;
};

struct SearchOptions {
  /// Hits a query, at least 1; fewer come back where fewer items qualify.
  std::size_t k = 20;
  float min_score = -std::numeric_limits<float>::infinity();
};

struct GalleryCounts {
  std::size_t indexed = 0;
  std::size_t skipped = 0;
  /// Rows of the vectors file that no item uses; `compact` drops them.
  std::size_t dead_rows = 0;
};

/// What `Gallery::check` found; a sound gallery has no problems.
struct GalleryCheck {
  GalleryCounts counts;
  std::size_t blocks = 0;
  /// A sentence each; at most 100.
  std::vector<std::string> problems;
};

/// What a scan found, in files.
struct ScanCounts {
  std::size_t added = 0;
  std::size_t changed = 0;
  std::size_t moved = 0;
  std::size_t deleted = 0;
  std::size_t unchanged = 0;
  /// Files whose bytes could not be read last time; they are tried again.
  std::size_t retried = 0;
};

/// A file that a scan found to be new, changed or to be retried.
struct WantedFile {
  FileState file;
  /// Empty where the scan had no reason to read the file.
  std::string content_hash;
};

/// The content hash of a file, or nothing where it cannot be read.
using HashFile =
    std::function<std::optional<std::string>(const std::filesystem::path&)>;

/// The comparison of a walk over folders with what the gallery holds: `see`
/// every file, `walked` every folder that was walked to the end, `finish` once,
/// then `next` until it is empty. What was seen is kept on disk, not in memory.
/// One at a time a gallery, which must outlive it; dropping it before `finish`
/// changes nothing. Safe from many threads.
class Scan {
 public:
  Scan(Scan&&) noexcept;
  Scan& operator=(Scan&&) noexcept;
  ~Scan();

  /// Notes one file of the walk. Seeing it again changes nothing.
  void see(const FileState& file);

  /// Every file below `folder` has been seen: items below it that were not are
  /// deleted by `finish`. Not to be called for a walk that was interrupted.
  void walked(const std::filesystem::path& folder);

  /// A folder that could not be listed: nothing below it counts as deleted.
  void unreadable(const std::filesystem::path& folder);

  /// Compares, and commits what moved, was touched and was deleted. `hash` is
  /// asked only where size and time leave it open: a file of the same size with
  /// another time, and a new file of the size of one that was not seen.
  /// An item has moved when a new file has its content and its path is gone.
  ScanCounts finish(const HashFile& hash);

  /// The next files to append, in the order seen, at most `limit`.
  std::vector<WantedFile> next(std::size_t limit);

 private:
  friend class Gallery;
  struct Impl;
  explicit Scan(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// One state of a gallery, which no writer changes while it lives. To be
/// dropped soon: SQLite's log cannot shrink as long as it is held.
class GallerySnapshot {
 public:
  GallerySnapshot(GallerySnapshot&&) noexcept;
  GallerySnapshot& operator=(GallerySnapshot&&) noexcept;
  ~GallerySnapshot();

  const GalleryCounts& counts() const;

  /// Calls `visit` for every item of a kind in insertion order; the vector of a
  /// skipped one is empty. Throws Error: corrupt, io, and what `visit` throws.
  void each(ItemKind kind,
            const std::function<void(const Item&, std::span<const float>)>&
                visit) const;

 private:
  friend class Gallery;
  struct Impl;
  explicit GallerySnapshot(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

enum class Access { read, write };

/// A gallery in a folder of its own. Any number of processes may read it while
/// one writes; readers see every commit as soon as it is made. Safe from many
/// threads.
///
/// Paths of files below the gallery's base folder are stored relative to it, so
/// the two may move together; others are stored absolute.
///
/// Every function throws Error: corrupt (naming the damaged file), unsupported
/// (made by a newer igrot), io.
class Gallery {
 public:
  /// Opens the gallery in `folder` for writing, or makes it, with all folders
  /// above it. base: the indexed folder that the gallery lies in, used only
  /// when it is made; by default the folder it lies in directly.
  /// Throws Error: usage (another model made it; width out of range), io (a
  /// process is writing to it).
  static Gallery create_or_open(const std::filesystem::path& folder,
                                const GalleryModel& model, Runtime runtime = {},
                                const std::filesystem::path& base = {});

  /// Throws Error: not_found (no gallery there), io (for `Access::write`: a
  /// process is writing to it). Reading works in read-only folders too.
  static Gallery open(const std::filesystem::path& folder, Access access,
                      Runtime runtime = {});

  Gallery(Gallery&&) noexcept;
  Gallery& operator=(Gallery&&) noexcept;
  ~Gallery();

  const std::filesystem::path& folder() const;
  const GalleryModel& model() const;

  /// Throws Error: usage, naming both models, unless `model` is of the same
  /// fingerprint and width. To be called before searching with its vectors.
  void require(const GalleryModel& model) const;

  GalleryCounts counts() const;

  /// Items of a kind with ids above `after`, in insertion order, at most
  /// `limit`.
  std::vector<Item> items(std::int64_t after, std::size_t limit,
                          ItemKind kind = ItemKind::all) const;

  /// Throws Error: not_found.
  Item item(std::int64_t id) const;

  std::optional<Item> find(const std::filesystem::path& file) const;

  GallerySnapshot snapshot() const;

  /// Ranks the gallery by cosine, best first; equal scores keep insertion
  /// order. queries: [Q, width] unit rows. Result: Q lists of at most k hits.
  /// Throws Error: usage (another width, k is 0, values that are not finite).
  std::vector<std::vector<Hit>> search(MatrixView queries,
                                       const SearchOptions& options = {}) const;

  /// Verifies every checksum, every row and the tables themselves. Damage that
  /// keeps it from going on is a problem like others.
  GalleryCheck check() const;

  // What follows throws usage unless the gallery was opened for writing.

  /// Adds or replaces files in one durable commit: after it returns, no crash
  /// loses them; if it throws, nothing has changed.
  /// Throws Error: usage (a vector of another width, not finite or not of unit
  /// length; a path twice), io.
  void append(std::span<const NewItem> items);

  /// Removes items; ids that do not exist are left out of the result's count.
  std::size_t remove(std::span<const std::int64_t> ids);

  Scan begin_scan();

  /// Rewrites the vectors file without dead rows. Ids stay. Verifies every
  /// checksum first. Result: rows dropped.
  std::size_t compact();

 private:
  friend class Scan;
  friend class GallerySnapshot;
  struct Impl;
  explicit Gallery(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace igrot

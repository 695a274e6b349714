// Writing a gallery: the one connection that may, and the commit protocol of
// docs/gallery.md.
#pragma once

#include <mutex>
#include <optional>
#include <span>

#include "gallery/tables.h"
#include "gallery/vectors_file.h"
#include "gallery/writer_lock.h"

namespace igrot {

/// Safe from many threads. After a function throws, the gallery is as before.
class Writer {
 public:
  /// Opens a gallery; with a model, makes it where there is none.
  Writer(const std::filesystem::path& folder,
         const std::optional<GalleryModel>& model,
         const std::filesystem::path& base);

  /// As it was when the gallery was opened.
  const GalleryModel& model() const { return state_.model; }

  void append(std::span<const NewItem> items);
  std::size_t remove(std::span<const std::int64_t> ids);
  std::size_t compact();

 private:
  friend class ScanTables;

  void create(const GalleryModel& model, const std::filesystem::path& base);
  void remember_path(const GalleryModel& model);
  void remove_leftovers() const;

  /// `next` with its revision counted, as the state from now on.
  void commit(Transaction& transaction, GalleryState next);
  void insert(Statement& statement, const NewItem& item,
              const std::string& path, GalleryState& next) const;
  std::vector<std::string> checked_paths(std::span<const NewItem> items);
  std::size_t add_blocks(std::span<const float> rows);

  const std::filesystem::path folder_;
  const WriterLock lock_;
  Database database_;
  GalleryState state_;
  std::optional<VectorsWriter> vectors_;
  ItemPaths paths_;
  std::mutex mutex_;
};

/// Rows a checksum covers at most.
std::size_t rows_per_block(std::size_t width);

/// Adds a row to table `blocks`.
void insert_block(const Database& database, std::size_t first_row,
                  std::size_t rows, std::uint64_t checksum);

}  // namespace igrot

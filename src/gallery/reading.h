// Reading a gallery: connections, and the state of the gallery they see.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "gallery/tables.h"
#include "gallery/vectors_file.h"

namespace igrot {

/// One committed state with its vectors.
struct View {
  GalleryState state;
  VectorsMap vectors;
  /// Bit i % 64 of word i / 64 stands for row i; empty when none is dead.
  std::vector<std::uint64_t> dead;
  GalleryCounts counts;

  MatrixView rows() const;
  std::span<const float> row(std::size_t i) const { return rows().row(i); }
};

class Readers;

/// A read transaction; what it sees does not change while it lives. For one
/// thread at a time.
class ReadSession {
 public:
  explicit ReadSession(Readers& readers);
  ReadSession(ReadSession&&) noexcept;
  ReadSession& operator=(ReadSession&&) = delete;
  ~ReadSession();

  const Database& database() const { return *database_; }
  const View& view() const { return *view_; }

  /// The item of a SELECT's next row; nothing after the last.
  std::optional<StoredItem> next(Statement& items) const;

  const ItemPaths& paths() const { return paths_; }

 private:
  friend class Readers;
  bool try_view();

  Readers* readers_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Transaction> transaction_;
  std::shared_ptr<const View> view_;
  ItemPaths paths_;
};

/// The connections of one gallery, kept for the next session, and the last view
/// any of them saw. Safe from many threads.
class Readers {
 public:
  explicit Readers(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path& folder() const { return folder_; }

 private:
  friend class ReadSession;

  std::unique_ptr<Database> take();
  void give_back(std::unique_ptr<Database> database);

  /// The view of the transaction that `database` is in; nothing when its
  /// vectors file is gone, because a writer has replaced it since.
  std::shared_ptr<const View> view_of(const Database& database);

  const std::filesystem::path folder_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Database>> idle_;
  std::shared_ptr<const View> last_;
};

}  // namespace igrot

// The tables of gallery.sqlite: the only list of them, and how their rows are
// read and written.
#pragma once

#include <string>

#include "gallery/database.h"
#include "gallery/item_paths.h"
#include "igrot/gallery.h"

namespace igrot {

/// The one row of table `gallery`.
struct GalleryState {
  /// Counts commits.
  std::int64_t revision = 0;
  /// Counts rewrites of the vectors file, and names it.
  std::int64_t generation = 0;
  /// Committed rows of the vectors file.
  std::size_t rows = 0;
  std::int64_t next_id = 1;
  /// Folders from the gallery up to the base that paths are relative to.
  std::size_t levels_up = 1;
  GalleryModel model;

  std::uint64_t row_bytes() const { return model.width * sizeof(float); }
  std::uint64_t vectors_bytes() const { return rows * row_bytes(); }
};

inline constexpr std::size_t max_width = 1 << 16;

std::filesystem::path database_file(const std::filesystem::path& folder);
std::filesystem::path vectors_file(const std::filesystem::path& folder,
                                   std::int64_t generation);

/// Where the stored paths of a gallery start.
ItemPaths item_paths(const std::filesystem::path& folder,
                     const GalleryState& state);

/// Whether nothing was ever committed to it.
bool is_blank(const Database& database);

/// Throws Error: corrupt (not a gallery), unsupported (a newer one).
void expect_format(const Database& database);

/// Within a transaction.
void create_tables(Database& database);
void write_state(const Database& database, const GalleryState& state);

/// Throws Error: corrupt (no or several rows, checksum, values out of range).
GalleryState read_state(const Database& database);

/// A SELECT of items; `rest` continues it (WHERE, ORDER BY).
std::string select_items(std::string_view rest);

/// What one row of select_items() holds.
struct StoredItem {
  Item item;
  std::optional<std::size_t> row;
};

/// Throws Error: corrupt (checksum, unknown status, row out of range).
StoredItem read_item(const Statement& statement, const ItemPaths& paths,
                     const GalleryState& state);

/// An SQL expression that is true for items of a kind.
std::string_view condition(ItemKind kind);

/// SQL expressions: the checksum of an item from its own columns, and from ?1
/// to ?10 in their order.
std::string_view item_checksum();
std::string_view item_checksum_of_values();

}  // namespace igrot

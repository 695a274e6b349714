#include "gallery/tables.h"

#include <algorithm>

#include "base/fail.h"

namespace igrot {
namespace {

// PRAGMA application_id ("igrt") and user_version.
constexpr std::int64_t application_id = 0x69677274;
constexpr std::int64_t format_version = 1;

// Part of the format: databases are compared with it, blanks included.
constexpr const char* schema = R"sql(
  CREATE TABLE gallery(
    one INTEGER PRIMARY KEY CHECK(one = 1),
    revision INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    next_id INTEGER NOT NULL,
    levels_up INTEGER NOT NULL,
    width INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    model_path BLOB NOT NULL,
    model_sha256 TEXT NOT NULL,
    description TEXT NOT NULL,
    checksum INTEGER NOT NULL);
  CREATE TABLE items(
    id INTEGER PRIMARY KEY,
    path BLOB NOT NULL UNIQUE,
    size_bytes INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    row INTEGER UNIQUE,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    precision TEXT NOT NULL,
    decoding TEXT NOT NULL,
    checksum INTEGER NOT NULL);
  CREATE INDEX skipped_items ON items(id) WHERE row IS NULL;
  CREATE TABLE dead(row INTEGER PRIMARY KEY);
  CREATE TABLE blocks(
    first_row INTEGER PRIMARY KEY,
    rows INTEGER NOT NULL,
    checksum INTEGER NOT NULL);
)sql";

/// Everything that is declared in a database, sorted.
Statement declared(const Database& database) {
  return database.prepare(
      "SELECT type || ' ' || name || ' ' || coalesce(sql, '')"
      " FROM sqlite_schema ORDER BY 1");
}

/// A view or a column that is computed could stand in for a table and never
/// end, so the declarations have to be those above, letter by letter.
void expect_schema(const Database& database) {
  Database sound(":memory:", Database::Mode::create);
  sound.run(schema);
  auto expected = declared(sound);
  auto found = declared(database);
  bool is_same = true;
  while (is_same && expected.step())
    is_same = found.step() && found.bytes(0) == expected.bytes(0);
  if (!is_same || found.step())
    fail(ErrorKind::corrupt, "{}: its tables are not those of a gallery",
         database.file().string());
}

constexpr std::string_view indexed_status = "ok";

std::optional<Skip> skip_of(std::string_view status, std::string_view reason) {
  const auto row = std::ranges::find(error_kinds, status, &ErrorKindRow::name);
  if (row == error_kinds.end()) return std::nullopt;
  return Skip{row->kind, std::string(reason)};
}

[[noreturn]] void fail_item(const Database& database, std::int64_t id,
                            std::string_view what) {
  fail(ErrorKind::corrupt, "{}: item {} {}", database.file().string(), id,
       what);
}

/// A number from the file that must lie between bounds.
std::int64_t within(const Database& database, std::string_view name,
                    std::int64_t value, std::int64_t least, std::int64_t most) {
  if (value < least || value > most)
    fail(ErrorKind::corrupt, "{}: {} is {}, expected {} to {}",
         database.file().string(), name, value, least, most);
  return value;
}

constexpr std::int64_t any_positive = std::int64_t{1} << 62;

}  // namespace

std::filesystem::path database_file(const std::filesystem::path& folder) {
  return folder / "gallery.sqlite";
}

std::filesystem::path vectors_file(const std::filesystem::path& folder,
                                   std::int64_t generation) {
  return folder / (generation == 0 ? "vectors.bin"
                                   : fmt::format("vectors.{}.bin", generation));
}

ItemPaths item_paths(const std::filesystem::path& folder,
                     const GalleryState& state) {
  auto base = folder;
  for (std::size_t i = 0; i < state.levels_up; ++i) base = base.parent_path();
  return ItemPaths(base);
}

bool is_blank(const Database& database) {
  return database.integer("SELECT count(*) FROM sqlite_schema") == 0 &&
         database.integer("PRAGMA application_id") == 0;
}

void expect_format(const Database& database) {
  if (database.integer("PRAGMA application_id") != application_id)
    fail(ErrorKind::corrupt, "{}: a database of another program",
         database.file().string());
  const auto version = database.integer("PRAGMA user_version");
  if (version > format_version)
    fail(ErrorKind::unsupported,
         "{}: gallery format {}, this igrot reads up to {}",
         database.file().string(), version, format_version);
  within(database, "the format version", version, 1, format_version);
  expect_schema(database);
}

void create_tables(Database& database) {
  database.run(schema);
  database.run(fmt::format("PRAGMA application_id = {};"
                           "PRAGMA user_version = {}",
                           application_id, format_version)
                   .c_str());
}

void write_state(const Database& database, const GalleryState& state) {
  database
      .prepare(
          "REPLACE INTO gallery VALUES(1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
          " ?10, igrot_checksum(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10))")
      .bind(state.revision, state.generation, state.rows, state.next_id,
            state.levels_up, state.model.width, state.model.fingerprint,
            Blob{state.model.path.native()}, state.model.sha256,
            state.model.description)
      .run();
}

GalleryState read_state(const Database& database) {
  auto row = database.prepare(
      "SELECT revision, generation, rows, next_id, levels_up, width,"
      " fingerprint, model_path, model_sha256, description,"
      " checksum IS igrot_checksum(revision, generation, rows, next_id,"
      " levels_up, width, fingerprint, model_path, model_sha256, description)"
      " FROM gallery WHERE one = 1");
  const auto file = database.file().string();
  if (!row.step())
    fail(ErrorKind::corrupt, "{}: the row of table gallery is missing", file);
  if (row.integer(10) != 1)
    fail(ErrorKind::corrupt,
         "{}: the row of table gallery does not match its checksum", file);
  const auto number = [&](int column, std::string_view name, std::int64_t least,
                          std::int64_t most) {
    return within(database, name, row.integer(column), least, most);
  };
  GalleryState state;
  state.revision = number(0, "revision", 0, any_positive);
  state.generation = number(1, "generation", 0, any_positive);
  state.next_id = number(3, "next_id", 1, any_positive);
  state.levels_up = static_cast<std::size_t>(number(4, "levels_up", 1, 4096));
  state.model.width =
      static_cast<std::size_t>(number(5, "width", 1, max_width));
  // Bytes of all rows fit 62 bits.
  state.rows = static_cast<std::size_t>(
      number(2, "rows", 0,
             any_positive / static_cast<std::int64_t>(state.row_bytes())));
  state.model.fingerprint = row.bytes(6);
  state.model.path = row.bytes(7);
  state.model.sha256 = row.bytes(8);
  state.model.description = row.bytes(9);
  return state;
}

std::string_view item_checksum() {
  return "igrot_checksum(id, path, size_bytes, modified_ns, content_hash, row,"
         " status, reason, precision, decoding)";
}

std::string_view item_checksum_of_values() {
  return "igrot_checksum(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
}

std::string select_items(std::string_view rest) {
  return fmt::format(
      "SELECT id, path, size_bytes, modified_ns, content_hash, row, status,"
      " reason, precision, decoding, checksum IS {} FROM items {}",
      item_checksum(), rest);
}

StoredItem read_item(const Statement& statement, const ItemPaths& paths,
                     const GalleryState& state) {
  const auto& database = statement.database();
  const auto id = statement.integer(0);
  if (statement.integer(10) != 1)
    fail_item(database, id, "does not match its checksum");
  StoredItem stored;
  auto& item = stored.item;
  item.id = id;
  item.file.path = paths.absolute(statement.bytes(1));
  item.file.size_bytes = static_cast<std::uint64_t>(statement.integer(2));
  item.file.modified_ns = statement.integer(3);
  item.content_hash = statement.bytes(4);
  item.precision = statement.bytes(8);
  item.decoding = statement.bytes(9);
  const std::string status(statement.bytes(6));
  item.skip = skip_of(status, statement.bytes(7));
  if (!item.skip && status != indexed_status)
    fail_item(database, id, fmt::format("has the unknown status '{}'", status));
  if (item.skip.has_value() != statement.is_null(5))
    fail_item(database, id, "has a row that contradicts its status");
  if (!item.skip) {
    const auto row = statement.integer(5);
    if (row < 0 || static_cast<std::size_t>(row) >= state.rows)
      fail_item(database, id, fmt::format("has row {} of {}", row, state.rows));
    stored.row = static_cast<std::size_t>(row);
  }
  return stored;
}

std::string_view condition(ItemKind kind) {
  switch (kind) {
    case ItemKind::indexed:
      return "row IS NOT NULL";
    case ItemKind::skipped:
      return "row IS NULL";
    default:
      return "TRUE";
  }
}

}  // namespace igrot

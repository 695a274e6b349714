#include "gallery/scan_tables.h"

#include <set>

#include "base/fail.h"

namespace igrot {
namespace {

enum State {
  uncompared,
  unchanged,  ///< same size and time
  touched,    ///< same content, another time
  moved,      ///< content of an item whose path is gone
  added,
  changed,
  retried,
};

// seen: the files of the walk. missing: items the walk did not meet. kept:
// items that get a new path or time.
constexpr const char* tables = R"sql(
  DROP TABLE IF EXISTS temp.seen;
  DROP TABLE IF EXISTS temp.missing;
  DROP TABLE IF EXISTS temp.kept;
  CREATE TABLE temp.seen(
    n INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, size_bytes INTEGER,
    modified_ns INTEGER, state INTEGER NOT NULL DEFAULT 0,
    content_hash TEXT NOT NULL DEFAULT '');
  CREATE TABLE temp.missing(
    id INTEGER PRIMARY KEY, path BLOB UNIQUE, size_bytes INTEGER,
    content_hash TEXT);
  CREATE INDEX temp.missing_contents ON missing(size_bytes, content_hash);
  CREATE TABLE temp.kept(
    id INTEGER PRIMARY KEY, path BLOB, modified_ns INTEGER);
)sql";

// Files kept in memory before they go to the table, and read from it at once.
constexpr std::size_t page = 512;

}  // namespace

/// A file that size and time did not settle, and its item, if there is one.
struct ScanTables::Open {
  std::int64_t n;
  std::string path;
  std::int64_t size_bytes;
  std::int64_t modified_ns;
  std::optional<std::int64_t> id;
  std::int64_t old_size_bytes;
  std::int64_t old_modified_ns;
  std::string old_content;
};

ScanTables::ScanTables(Writer& writer) : writer_(writer) {
  const std::lock_guard lock(writer_.mutex_);
  writer_.database_.run(tables);
}

ScanTables::~ScanTables() = default;

void ScanTables::see(const FileState& file) {
  const std::lock_guard lock(writer_.mutex_);
  pending_.emplace_back(writer_.paths_.stored(file.path), file);
  if (pending_.size() == page) flush();
}

void ScanTables::flush() {
  Transaction transaction(writer_.database_, Transaction::Kind::read);
  auto insert = writer_.database_.prepare(
      "INSERT OR IGNORE INTO temp.seen(path, size_bytes, modified_ns)"
      " VALUES(?1, ?2, ?3)");
  for (const auto& [path, file] : pending_)
    insert.bind(Blob{path}, file.size_bytes, file.modified_ns).run();
  transaction.commit();
  pending_.clear();
}

void ScanTables::add_walked(const std::filesystem::path& folder) {
  const std::lock_guard lock(writer_.mutex_);
  for (auto& range : writer_.paths_.below(folder))
    walked_.push_back(std::move(range));
}

void ScanTables::add_unreadable(const std::filesystem::path& folder) {
  const std::lock_guard lock(writer_.mutex_);
  for (auto& range : writer_.paths_.below(folder))
    unreadable_.push_back(std::move(range));
}

ScanCounts ScanTables::finish(const HashFile& hash) {
  const std::lock_guard lock(writer_.mutex_);
  flush();
  compare_states();
  settle(hash);
  apply();
  return count();
}

/// Settles what size and time settle. A file that was skipped without its bytes
/// having been read has no content to be unchanged: it is tried again.
void ScanTables::compare_states() {
  Transaction transaction(writer_.database_, Transaction::Kind::read);
  auto compare = writer_.database_.prepare(
      "UPDATE temp.seen SET state = iif(i.row IS NULL AND i.content_hash = '',"
      " ?1, ?2) FROM items AS i WHERE i.path = seen.path"
      " AND i.size_bytes = seen.size_bytes"
      " AND i.modified_ns = seen.modified_ns");
  compare.bind(static_cast<int>(retried), static_cast<int>(unchanged)).run();
  writer_.database_.run(
      "INSERT INTO temp.missing SELECT id, path, size_bytes, content_hash"
      " FROM items WHERE NOT EXISTS"
      " (SELECT 1 FROM temp.seen WHERE seen.path = items.path)");
  transaction.commit();
}

void ScanTables::settle(const HashFile& hash) {
  std::int64_t last = 0;
  for (std::vector<Open> files(1); !files.empty();) {
    files.clear();
    auto select = writer_.database_.prepare(fmt::format(
        "SELECT s.n, s.path, s.size_bytes, s.modified_ns, i.id, i.size_bytes,"
        " i.modified_ns, i.content_hash FROM temp.seen AS s"
        " LEFT JOIN items AS i ON i.path = s.path"
        " WHERE s.state = 0 AND s.n > ?1 ORDER BY s.n LIMIT {}",
        page));
    select.bind(last);
    while (select.step()) {
      std::optional<std::int64_t> id;
      if (!select.is_null(4)) id = select.integer(4);
      files.push_back({select.integer(0), std::string(select.bytes(1)),
                       select.integer(2), select.integer(3), id,
                       select.integer(5), select.integer(6),
                       std::string(select.bytes(7))});
      last = files.back().n;
    }
    select.reset();
    Transaction transaction(writer_.database_, Transaction::Kind::read);
    for (const auto& file : files) settle(file, hash);
    transaction.commit();
  }
}

void ScanTables::settle(const Open& file, const HashFile& hash) {
  std::optional<std::string> content;
  const auto read = [&] {
    content = hash(writer_.paths_.absolute(file.path));
    return content.has_value() && !content->empty();
  };
  if (file.id) {
    const bool same = file.old_size_bytes == file.size_bytes && read() &&
                      *content == file.old_content;
    if (same) {
      writer_.database_.prepare("INSERT INTO temp.kept VALUES(?1, ?2, ?3)")
          .bind(*file.id, Blob{file.path}, file.modified_ns)
          .run();
    }
    return mark(file, same ? touched : changed, content);
  }
  auto candidate = writer_.database_.prepare(
      "SELECT 1 FROM temp.missing WHERE size_bytes = ?1 AND content_hash <> ''"
      " LIMIT 1");
  const bool claimed = candidate.bind(file.size_bytes).step() && read() &&
                       claim_moved(file, *content);
  mark(file, claimed ? moved : added, content);
}

/// Whether an item of this content is gone from its path; it is then this
/// file's.
bool ScanTables::claim_moved(const Open& file, const std::string& content) {
  auto select = writer_.database_.prepare(
      "SELECT id, path FROM temp.missing WHERE size_bytes = ?1"
      " AND content_hash = ?2 ORDER BY id");
  select.bind(file.size_bytes, content);
  while (select.step()) {
    const auto id = select.integer(0);
    std::error_code refused;
    const auto status = std::filesystem::symlink_status(
        writer_.paths_.absolute(select.bytes(1)), refused);
    if (status.type() != std::filesystem::file_type::not_found) continue;
    select.reset();
    writer_.database_.prepare("DELETE FROM temp.missing WHERE id = ?1")
        .bind(id)
        .run();
    writer_.database_.prepare("INSERT INTO temp.kept VALUES(?1, ?2, ?3)")
        .bind(id, Blob{file.path}, file.modified_ns)
        .run();
    return true;
  }
  return false;
}

void ScanTables::mark(const Open& file, int state,
                      const std::optional<std::string>& content) {
  writer_.database_
      .prepare(
          "UPDATE temp.seen SET state = ?2, content_hash = ?3"
          " WHERE n = ?1")
      .bind(file.n, state, content.value_or(""))
      .run();
}

/// Commits what moved, was touched and was deleted.
void ScanTables::apply() {
  auto& database = writer_.database_;
  Transaction transaction(database, Transaction::Kind::write);
  database.run(
      "UPDATE items SET path = k.path, modified_ns = k.modified_ns"
      " FROM temp.kept AS k WHERE k.id = items.id");
  database.run(fmt::format("UPDATE items SET checksum = {} WHERE id IN"
                           " (SELECT id FROM temp.kept)",
                           item_checksum())
                   .c_str());
  for (const auto& range : unreadable_)
    database.prepare("DELETE FROM temp.missing WHERE path >= ?1 AND path < ?2")
        .bind(Blob{range.first}, Blob{range.end})
        .run();
  for (const auto& range : walked_) remove_missing(range);
  if (deleted_ > 0 || database.integer("SELECT count(*) FROM temp.kept") > 0)
    writer_.commit(transaction, writer_.state_);
}

void ScanTables::remove_missing(const ItemPaths::Range& range) {
  auto& database = writer_.database_;
  database
      .prepare(
          "INSERT INTO dead SELECT row FROM items WHERE row IS NOT NULL"
          " AND id IN (SELECT id FROM temp.missing"
          " WHERE path >= ?1 AND path < ?2)")
      .bind(Blob{range.first}, Blob{range.end})
      .run();
  database
      .prepare(
          "DELETE FROM items WHERE id IN"
          " (SELECT id FROM temp.missing WHERE path >= ?1 AND path < ?2)")
      .bind(Blob{range.first}, Blob{range.end})
      .run();
  deleted_ += static_cast<std::size_t>(database.integer("SELECT changes()"));
}

ScanCounts ScanTables::count() const {
  ScanCounts counts;
  counts.deleted = deleted_;
  auto select = writer_.database_.prepare(
      "SELECT state, count(*) FROM temp.seen GROUP BY state");
  while (select.step()) {
    const auto files = static_cast<std::size_t>(select.integer(1));
    switch (select.integer(0)) {
      case unchanged:
      case touched:
        counts.unchanged += files;
        break;
      case moved:
        counts.moved = files;
        break;
      case added:
        counts.added = files;
        break;
      case changed:
        counts.changed = files;
        break;
      default:
        counts.retried = files;
    }
  }
  return counts;
}

std::vector<WantedFile> ScanTables::next(std::size_t limit) {
  const std::lock_guard lock(writer_.mutex_);
  auto select = writer_.database_.prepare(
      "SELECT n, path, size_bytes, modified_ns, content_hash FROM temp.seen"
      " WHERE state >= ?1 AND n > ?2 ORDER BY n LIMIT ?3");
  select.bind(static_cast<int>(added), last_wanted_, limit);
  std::vector<WantedFile> files;
  while (select.step()) {
    last_wanted_ = select.integer(0);
    files.push_back(
        {{writer_.paths_.absolute(select.bytes(1)),
          static_cast<std::uint64_t>(select.integer(2)), select.integer(3)},
         std::string(select.bytes(4))});
  }
  return files;
}

}  // namespace igrot

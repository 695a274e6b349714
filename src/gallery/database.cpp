#include "gallery/database.h"

#include <sqlite3.h>

#include <new>

#include "base/fail.h"
#include "gallery/checksum.h"

namespace igrot {
namespace {

constexpr int busy_timeout_ms = 10'000;

// The largest value a gallery holds is the model's description; the limit
// keeps a damaged file from asking for more memory than that could take.
constexpr int value_limit_bytes = 16 << 20;

ErrorKind kind_of(int code) {
  switch (code & 0xFF) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
    case SQLITE_FORMAT:
    case SQLITE_ERROR:  // our statements are sound: the tables are not ours
    case SQLITE_SCHEMA:
    case SQLITE_MISMATCH:
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
      return ErrorKind::corrupt;
    default:
      return code == SQLITE_IOERR_SHORT_READ ? ErrorKind::corrupt
                                             : ErrorKind::io;
  }
}

/// A path as the URI form that SQLite takes options with.
std::string uri(const std::filesystem::path& path, std::string_view options) {
  std::string text = "file:";
  for (const char c : path.native()) {
    const auto byte = static_cast<unsigned char>(c);
    const bool safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      (c >= '0' && c <= '9') || c == '/' || c == '.' ||
                      c == '-' || c == '_';
    text += safe ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return text.append("?").append(options);
}

void checksum_function(sqlite3_context* context, int count,
                       sqlite3_value** values) {
  ValueChecksum checksum;
  for (int i = 0; i < count; ++i) {
    auto* value = values[i];
    switch (sqlite3_value_type(value)) {
      case SQLITE_NULL:
        checksum.add_null();
        break;
      case SQLITE_INTEGER:
        checksum.add(sqlite3_value_int64(value));
        break;
      default: {
        const auto* data = static_cast<const char*>(sqlite3_value_blob(value));
        const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
        checksum.add(std::string_view(data ? data : "", size));
      }
    }
  }
  sqlite3_result_int64(context, static_cast<std::int64_t>(checksum.value()));
}

}  // namespace

void Database::Close::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);
}

Database::Database(const std::filesystem::path& file, Mode mode) : file_(file) {
  std::error_code ignored;
  if (mode != Mode::create && !std::filesystem::exists(file, ignored))
    fail(ErrorKind::not_found, "{}: no such file", file.string());
  open(mode);
  auto* raw = database_.get();
  sqlite3_limit(raw, SQLITE_LIMIT_LENGTH, value_limit_bytes);
  sqlite3_create_function(raw, "igrot_checksum", -1,
                          SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr,
                          checksum_function, nullptr, nullptr);
  // Small, so that memory does not grow with the gallery: rows are passed over
  // in order or looked up singly, and the system caches the file.
  run("PRAGMA main.cache_size = -256; PRAGMA temp.cache_size = -256");
  if (mode == Mode::read) run("PRAGMA query_only = ON");
}

void Database::use_log() {
  run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
}

// A log (-wal) that was left behind in a folder where its index (-shm) cannot
// be made is read with an index in memory, which SQLite does for exclusive
// connections; no lock can be had there either, hence "unix-none". Without a
// log the file is complete by itself.
void Database::open(Mode mode) {
  const int create = mode == Mode::create ? SQLITE_OPEN_CREATE : 0;
  int code = try_open(file_.string(), SQLITE_OPEN_READWRITE | create, nullptr);
  const bool refused = (code & 0xFF) == SQLITE_CANTOPEN ||
                       (code & 0xFF) == SQLITE_READONLY ||
                       (code & 0xFF) == SQLITE_PERM;
  if (mode == Mode::read && refused) {
    assumes_frozen_ = true;
    std::error_code missing;
    const auto log_size =
        std::filesystem::file_size(file_.string() + "-wal", missing);
    if (missing || log_size == 0) {
      code = try_open(uri(file_, "immutable=1"),
                      SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, nullptr);
    } else {
      code = try_open(file_.string(), SQLITE_OPEN_READONLY, "unix-none");
    }
  }
  if (code != SQLITE_OK) fail_with(code);
}

/// Opens and reads a first page, which is when SQLite opens its log.
int Database::try_open(const std::string& name, int flags, const char* vfs) {
  sqlite3* raw = nullptr;
  const int opened =
      sqlite3_open_v2(name.c_str(), &raw,
                      flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs);
  database_.reset(raw);
  if (!raw) throw std::bad_alloc();
  if (opened != SQLITE_OK) return opened;
  sqlite3_busy_timeout(raw, busy_timeout_ms);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return sqlite3_exec(raw,
                      vfs ? "PRAGMA locking_mode = EXCLUSIVE;"
                            "SELECT count(*) FROM sqlite_schema"
                          : "PRAGMA cell_size_check = ON;"
                            "SELECT count(*) FROM sqlite_schema",
                      nullptr, nullptr, nullptr);
}

void Database::fail_with(int code) const {
  if (code == SQLITE_NOMEM) throw std::bad_alloc();
  const auto kind = kind_of(code);
  fail(kind, "{}: {}: {}", file_.string(),
       kind == ErrorKind::corrupt ? "damaged, or not a gallery"
                                  : "SQLite failed",
       sqlite3_errmsg(database_.get()));
}

void Database::run(const char* sql) {
  const int code =
      sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail_with(code);
}

Statement Database::prepare(std::string_view sql) const {
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v2(database_.get(), sql.data(),
                         static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) fail_with(code);
  return {*this, statement};
}

std::int64_t Database::integer(std::string_view sql) const {
  auto statement = prepare(sql);
  return statement.step() ? statement.integer(0) : 0;
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) database_->fail_with(code);
  return false;
}

void Statement::run() {
  while (step()) {
  }
  reset();
}

void Statement::expect_bound(int code) const {
  if (code != SQLITE_OK) database_->fail_with(code);
}

void Statement::bind_integer(int index, std::int64_t value) {
  expect_bound(sqlite3_bind_int64(statement_.get(), index, value));
}

void Statement::bind_one(int index, std::optional<std::int64_t> value) {
  if (value)
    bind_integer(index, *value);
  else
    expect_bound(sqlite3_bind_null(statement_.get(), index));
}

void Statement::bind_one(int index, std::string_view text) {
  expect_bound(sqlite3_bind_text64(statement_.get(), index,
                                   text.data() ? text.data() : "", text.size(),
                                   SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bind_one(int index, Blob blob) {
  const auto bytes = blob.bytes;
  expect_bound(sqlite3_bind_blob64(statement_.get(), index,
                                   bytes.data() ? bytes.data() : "",
                                   bytes.size(), SQLITE_TRANSIENT));
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::bytes(int column) const {
  const auto* data =
      static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const auto size = sqlite3_column_bytes(statement_.get(), column);
  return {data ? data : "", static_cast<std::size_t>(size)};
}

Transaction::Transaction(Database& database, Kind kind) : database_(&database) {
  database.run(kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  if (database_)
    sqlite3_exec(database_->database_.get(), "ROLLBACK", nullptr, nullptr,
                 nullptr);
}

void Transaction::commit() {
  database_->run("COMMIT");
  database_ = nullptr;
}

}  // namespace igrot

// SQLite with errors that name the file, and a checksum function for its rows.
#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "igrot/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace igrot {

class Database;

/// Bytes to be bound as a BLOB; text is bound as TEXT.
struct Blob {
  std::string_view bytes;
};

/// A prepared statement. Must not outlive its database.
class Statement {
 public:
  /// Starts anew with these values as ?1, ?2, ...
  template <class... Values>
  Statement& bind(const Values&... values) {
    reset();
    int index = 0;
    (bind_one(++index, values), ...);
    return *this;
  }

  /// Whether there is another row.
  bool step();

  /// Runs to the end, then starts anew.
  void run();

  void reset();

  const Database& database() const { return *database_; }

  // Of the row that step() found. bytes() holds until the next step.
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  std::string_view bytes(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  Statement(const Database& database, sqlite3_stmt* statement)
      : database_(&database), statement_(statement) {}

  template <std::integral Number>
  void bind_one(int index, Number value) {
    bind_integer(index, static_cast<std::int64_t>(value));
  }
  void bind_one(int index, std::string_view text);
  void bind_one(int index, Blob blob);
  void bind_one(int index, std::optional<std::int64_t> value);
  void bind_integer(int index, std::int64_t value);
  void expect_bound(int code) const;

  const Database* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// A connection. For one thread at a time.
class Database {
 public:
  enum class Mode {
    read,    ///< the file must be there; works in read-only folders
    write,   ///< the file must be there
    create,  ///< made empty where there is none
  };

  /// SQL may call igrot_checksum(...): XXH3 of its arguments.
  /// Throws Error: not_found, corrupt, io.
  Database(const std::filesystem::path& file, Mode mode);

  /// From now on, readers go on while this connection writes, and a commit is
  /// synced before it returns.
  void use_log();

  /// Runs statements that take no values and whose rows do not matter.
  void run(const char* sql);

  Statement prepare(std::string_view sql) const;

  /// The first column of the first row of a query.
  std::int64_t integer(std::string_view sql) const;

  /// Whether the file is read as if nobody could write to it, which holds only
  /// for a short while.
  bool assumes_frozen() const { return assumes_frozen_; }

  const std::filesystem::path& file() const { return file_; }

 private:
  friend class Statement;
  friend class Transaction;
  struct Close {
    void operator()(sqlite3* database) const;
  };

  void open(Mode mode);
  int try_open(const std::string& name, int flags, const char* vfs);
  [[noreturn]] void fail_with(int code) const;

  std::filesystem::path file_;
  std::unique_ptr<sqlite3, Close> database_;
  bool assumes_frozen_ = false;
};

/// Undone on destruction unless committed.
class Transaction {
 public:
  enum class Kind { read, write };

  Transaction(Database& database, Kind kind);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  /// Throws Error: io.
  void commit();

 private:
  Database* database_;
};

}  // namespace igrot

#include "gallery/check.h"

#include <cmath>

#include "base/fail.h"
#include "gallery/blocks.h"

namespace igrot {
namespace {

constexpr std::size_t problem_limit = 100;

// As for appending (writing.cpp).
constexpr double unit_tolerance = 1e-2;

/// Runs the checks one after another; each adds its problems.
class Check {
 public:
  explicit Check(const ReadSession& session) : session_(session) {}

  GalleryCheck run() {
    result_.counts = session_.view().counts;
    guarded([this] { check_tables(); });
    guarded([this] { check_items(); });
    guarded([this] { check_rows_used_once(); });
    guarded([this] { check_blocks(); });
    check_row_lengths();
    return std::move(result_);
  }

 private:
  template <class Body>
  void guarded(const Body& body) {
    try {
      body();
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::corrupt) throw;
      add(error.what());
    }
  }

  void add(std::string problem) {
    if (result_.problems.size() < problem_limit)
      result_.problems.push_back(std::move(problem));
  }

  std::string database_name() const {
    return session_.database().file().string();
  }

  std::string vectors_name() const {
    const auto generation = session_.view().state.generation;
    const auto folder = session_.database().file().parent_path();
    return vectors_file(folder, generation).string();
  }

  void check_tables() {
    auto report = session_.database().prepare("PRAGMA integrity_check(20)");
    while (report.step())
      if (const auto line = report.bytes(0); line != "ok")
        add(fmt::format("{}: {}", database_name(), line));
  }

  void check_items() {
    auto ids = session_.database().prepare("SELECT id FROM items ORDER BY id");
    auto select = session_.database().prepare(select_items("WHERE id = ?1"));
    std::int64_t last_row = -1;
    while (ids.step()) {
      const auto id = ids.integer(0);
      guarded([&] {
        const auto stored = session_.next(select.bind(id));
        if (!stored || !stored->row) return;
        const auto row = static_cast<std::int64_t>(*stored->row);
        if (row <= last_row)
          add(fmt::format("{}: item {} has row {}, out of insertion order",
                          database_name(), id, row));
        last_row = row;
      });
    }
  }

  void check_rows_used_once() {
    const auto& database = session_.database();
    const auto both = database.integer(
        "SELECT count(*) FROM dead WHERE row IN (SELECT row FROM items)");
    if (both > 0)
      add(fmt::format("{}: {} rows are both dead and an item's",
                      database_name(), both));
    const auto used =
        database.integer("SELECT count(*) FROM items WHERE row IS NOT NULL");
    const auto& counts = session_.view().counts;
    if (static_cast<std::size_t>(used) != counts.indexed)
      add(fmt::format("{}: items use {} rows, expected {}", database_name(),
                      used, counts.indexed));
  }

  void check_blocks() {
    result_.blocks =
        verify_blocks(session_.database(), session_.view().rows(),
                      [&](const std::string& fault) {
                        add(fmt::format("{}: {}", vectors_name(), fault));
                      });
  }

  void check_row_lengths() {
    const auto rows = session_.view().rows();
    for (std::size_t r = 0; r < rows.rows; ++r) {
      double squares = 0;
      for (const float x : rows.row(r)) squares += static_cast<double>(x) * x;
      if (!(std::abs(std::sqrt(squares) - 1) <= unit_tolerance))
        add(fmt::format("{}: row {} has length {}, expected 1", vectors_name(),
                        r, std::sqrt(squares)));
    }
  }

  const ReadSession& session_;
  GalleryCheck result_;
};

}  // namespace

GalleryCheck check_gallery(Readers& readers) {
  try {
    const ReadSession session(readers);
    return Check(session).run();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::corrupt) throw;
    return {{}, 0, {error.what()}};
  }
}

}  // namespace igrot

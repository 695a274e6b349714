// Rewriting the vectors file: the live rows go into a file of the next
// generation, one SQLite commit switches to it, the old one is removed. Killed
// before the commit, the new file is the leftover, after it the old one.
#include <system_error>

#include "base/fail.h"
#include "gallery/blocks.h"
#include "gallery/checksum.h"
#include "gallery/writing.h"

namespace igrot {
namespace {

struct Block {
  std::size_t first_row;
  std::size_t rows;
  std::uint64_t checksum;
};

/// Removes a file on destruction unless kept.
class Provisional {
 public:
  explicit Provisional(std::filesystem::path file) : file_(std::move(file)) {}
  Provisional(const Provisional&) = delete;
  Provisional& operator=(const Provisional&) = delete;
  ~Provisional() {
    std::error_code ignored;
    if (!file_.empty()) std::filesystem::remove(file_, ignored);
  }
  void keep() { file_.clear(); }

 private:
  std::filesystem::path file_;
};

/// Copies the rows of all items, in row order.
std::vector<Block> copy_live_rows(const Database& database, MatrixView rows,
                                  VectorsWriter& target) {
  const auto step = rows_per_block(rows.columns);
  std::vector<Block> blocks;
  std::vector<float> buffer;
  std::size_t done = 0;
  const auto flush = [&] {
    const auto bytes = std::as_bytes(std::span(buffer));
    const auto count = buffer.size() / rows.columns;
    target.write(done * rows.columns * sizeof(float), bytes);
    blocks.push_back({done, count, xxh3(bytes)});
    done += count;
    buffer.clear();
  };
  auto live = database.prepare(
      "SELECT row FROM items WHERE row IS NOT NULL ORDER BY row");
  while (live.step()) {
    const auto row = static_cast<std::uint64_t>(live.integer(0));
    if (row >= rows.rows)
      fail(ErrorKind::corrupt, "{}: an item has row {} of {}",
           database.file().string(), row, rows.rows);
    const auto values = rows.row(row);
    buffer.insert(buffer.end(), values.begin(), values.end());
    if (buffer.size() == step * rows.columns) flush();
  }
  if (!buffer.empty()) flush();
  return blocks;
}

/// Numbers the rows of all items from 0, in row order. New numbers are never
/// above old ones, so that none is given while another item has it.
void renumber(const Database& database) {
  constexpr std::size_t page = 1000;
  auto select = database.prepare(fmt::format(
      "SELECT id, row FROM items WHERE row > ?1 ORDER BY row LIMIT {}", page));
  auto update = database.prepare("UPDATE items SET row = ?2 WHERE id = ?1");
  auto seal = database.prepare(fmt::format(
      "UPDATE items SET checksum = {} WHERE id = ?1", item_checksum()));
  std::int64_t last = -1;
  std::int64_t next = 0;
  for (std::vector<std::int64_t> ids(page); !ids.empty();) {
    ids.clear();
    select.bind(last);
    while (select.step()) {
      ids.push_back(select.integer(0));
      last = select.integer(1);
    }
    select.reset();
    for (const auto id : ids) {
      update.bind(id, next++).run();
      seal.bind(id).run();
    }
  }
}

void expect_sound(const Database& database, MatrixView rows,
                  const std::filesystem::path& file) {
  verify_blocks(database, rows, [&](const std::string& fault) {
    fail(ErrorKind::corrupt, "{}: {}", file.string(), fault);
  });
  const auto damaged = database.integer(fmt::format(
      "SELECT count(*) FROM items WHERE checksum IS NOT {}", item_checksum()));
  if (damaged > 0)
    fail(ErrorKind::corrupt, "{}: {} items do not match their checksums",
         database.file().string(), damaged);
}

}  // namespace

std::size_t Writer::compact() {
  const std::lock_guard lock(mutex_);
  if (database_.integer("SELECT count(*) FROM dead") == 0) return 0;
  const auto old_file = vectors_file(folder_, state_.generation);
  const auto map = VectorsMap::open(old_file, state_.vectors_bytes());
  if (!map)
    fail(ErrorKind::corrupt, "{}: the vectors file is missing",
         old_file.string());
  const MatrixView rows{reinterpret_cast<const float*>(map->bytes().data()),
                        state_.rows, state_.model.width};
  expect_sound(database_, rows, old_file);

  const auto new_file = vectors_file(folder_, state_.generation + 1);
  Provisional provisional(new_file);
  VectorsWriter target(new_file, VectorsWriter::Mode::fresh);
  const auto blocks = copy_live_rows(database_, rows, target);
  target.sync();
  sync_folder(folder_);

  Transaction transaction(database_, Transaction::Kind::write);
  renumber(database_);
  database_.run("DELETE FROM dead; DELETE FROM blocks");
  auto next = state_;
  next.rows = 0;
  for (const auto& block : blocks) {
    insert_block(database_, block.first_row, block.rows, block.checksum);
    next.rows += block.rows;
  }
  ++next.generation;
  const auto dropped = state_.rows - next.rows;
  commit(transaction, std::move(next));
  provisional.keep();
  vectors_ = std::move(target);
  std::error_code ignored;
  std::filesystem::remove(old_file, ignored);
  return dropped;
}

}  // namespace igrot

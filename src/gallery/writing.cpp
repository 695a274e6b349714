#include "gallery/writing.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "base/fail.h"
#include "gallery/checksum.h"

namespace igrot {
namespace {

// Room for an encoder's rounding in bfloat16, far below what another vector
// would need to pass for a unit one.
constexpr double unit_tolerance = 1e-2;

constexpr std::size_t reason_limit_bytes = 4096;

std::size_t levels_between(const std::filesystem::path& folder,
                           const std::filesystem::path& base) {
  if (base.empty()) return 1;
  std::error_code ignored;
  const auto top = std::filesystem::weakly_canonical(base, ignored);
  std::size_t levels = 1;
  for (auto at = folder.parent_path(); at != at.parent_path();
       at = at.parent_path(), ++levels)
    if (at == top) return levels;
  return 1;
}

/// The generation in the name of a vectors file; nothing for other names.
std::optional<std::int64_t> generation_of(const std::string& name) {
  if (name == "vectors.bin") return 0;
  constexpr std::string_view head = "vectors.";
  constexpr std::string_view tail = ".bin";
  if (!name.starts_with(head) || !name.ends_with(tail)) return std::nullopt;
  std::int64_t number = 0;
  const char* end = name.data() + name.size() - tail.size();
  const auto [stop, error] =
      std::from_chars(name.data() + head.size(), end, number);
  if (error != std::errc() || stop != end || number <= 0) return std::nullopt;
  return number;
}

void check_model(const GalleryModel& model) {
  if (model.width == 0 || model.width > max_width)
    fail(ErrorKind::usage, "vectors of width {}, expected 1 to {}", model.width,
         max_width);
  if (model.fingerprint.empty())
    fail(ErrorKind::usage, "the model's fingerprint is empty");
}

void check_item(const NewItem& item, std::size_t width) {
  const auto file = item.file.path.string();
  if (item.vector.empty() != item.skip.has_value())
    fail(ErrorKind::usage, "{}: expected either a vector or a skip", file);
  if (item.skip) return;
  if (item.vector.size() != width)
    fail(ErrorKind::usage, "{}: the vector has width {}, expected {}", file,
         item.vector.size(), width);
  double squares = 0;
  for (const float x : item.vector) squares += static_cast<double>(x) * x;
  if (!(std::abs(std::sqrt(squares) - 1) <= unit_tolerance))
    fail(ErrorKind::usage, "{}: the vector has length {}, expected 1", file,
         std::sqrt(squares));
}

/// The vectors of all items that have one, one after another.
std::vector<float> gather(std::span<const NewItem> items) {
  std::vector<float> rows;
  for (const auto& item : items)
    rows.insert(rows.end(), item.vector.begin(), item.vector.end());
  return rows;
}

bool holds_foreign_vectors(const std::filesystem::path& folder) {
  std::error_code missing;
  const auto size =
      std::filesystem::file_size(vectors_file(folder, 0), missing);
  return !missing && size > 0;
}

}  // namespace

std::size_t rows_per_block(std::size_t width) {
  constexpr std::size_t block_bytes = 8 << 20;
  return std::clamp<std::size_t>(block_bytes / (sizeof(float) * width), 1,
                                 4096);
}

void insert_block(const Database& database, std::size_t first_row,
                  std::size_t rows, std::uint64_t checksum) {
  database.prepare("INSERT INTO blocks VALUES(?1, ?2, ?3)")
      .bind(first_row, rows, checksum)
      .run();
}

Writer::Writer(const std::filesystem::path& folder,
               const std::optional<GalleryModel>& model,
               const std::filesystem::path& base)
    : folder_(folder),
      lock_(folder / "gallery.lock"),
      database_(database_file(folder),
                model ? Database::Mode::create : Database::Mode::write),
      paths_("/") {
  if (is_blank(database_)) {
    if (!model)
      fail(ErrorKind::not_found, "{}: no gallery there", folder.string());
    create(*model, base);
  }
  expect_format(database_);
  database_.use_log();
  state_ = read_state(database_);
  if (model) remember_path(*model);
  paths_ = item_paths(folder_, state_);
  vectors_.emplace(vectors_file(folder_, state_.generation),
                   VectorsWriter::Mode::existing);
  vectors_->cut(state_.vectors_bytes());
  remove_leftovers();
}

void Writer::create(const GalleryModel& model,
                    const std::filesystem::path& base) {
  check_model(model);
  if (holds_foreign_vectors(folder_))
    fail(ErrorKind::usage, "{}: holds vectors but no gallery",
         vectors_file(folder_, 0).string());
  VectorsWriter(vectors_file(folder_, 0), VectorsWriter::Mode::fresh).sync();
  sync_folder(folder_);
  database_.use_log();
  Transaction transaction(database_, Transaction::Kind::write);
  create_tables(database_);
  GalleryState state;
  state.model = model;
  state.levels_up = levels_between(folder_, base);
  write_state(database_, state);
  transaction.commit();
}

/// The same model may have moved since.
void Writer::remember_path(const GalleryModel& model) {
  if (model.fingerprint != state_.model.fingerprint ||
      model.path == state_.model.path)
    return;
  Transaction transaction(database_, Transaction::Kind::write);
  auto next = state_;
  next.model.path = model.path;
  commit(transaction, std::move(next));
}

/// Vectors files of other generations: what an interrupted `compact` left.
void Writer::remove_leftovers() const {
  std::error_code ignored;
  for (const auto& entry :
       std::filesystem::directory_iterator(folder_, ignored)) {
    const auto generation = generation_of(entry.path().filename().native());
    if (generation && *generation != state_.generation)
      std::filesystem::remove(entry.path(), ignored);
  }
}

void Writer::commit(Transaction& transaction, GalleryState next) {
  ++next.revision;
  write_state(database_, next);
  transaction.commit();
  state_ = std::move(next);
}

std::vector<std::string> Writer::checked_paths(std::span<const NewItem> items) {
  std::vector<std::string> paths;
  std::set<std::string_view> seen;
  paths.reserve(items.size());
  for (const auto& item : items) {
    check_item(item, state_.model.width);
    paths.push_back(paths_.stored(item.file.path));
    if (!seen.insert(paths.back()).second)
      fail(ErrorKind::usage, "{}: given twice", item.file.path.string());
  }
  return paths;
}

/// Records the checksums of rows that follow the committed ones.
std::size_t Writer::add_blocks(std::span<const float> rows) {
  const auto width = state_.model.width;
  const auto count = rows.size() / width;
  const auto step = rows_per_block(width);
  for (std::size_t i = 0; i < count; i += step) {
    const auto part = std::min(step, count - i);
    insert_block(database_, state_.rows + i, part,
                 xxh3(std::as_bytes(rows.subspan(i * width, part * width))));
  }
  return count;
}

void Writer::insert(Statement& statement, const NewItem& item,
                    const std::string& path, GalleryState& next) const {
  std::optional<std::int64_t> row;
  if (!item.skip) row = static_cast<std::int64_t>(next.rows++);
  const auto status = item.skip ? describe(item.skip->kind).name : "ok";
  const auto reason =
      item.skip ? std::string_view(item.skip->reason) : std::string_view();
  statement
      .bind(next.next_id++, Blob{path}, item.file.size_bytes,
            item.file.modified_ns, item.content_hash, row, status,
            reason.substr(0, reason_limit_bytes), item.precision, item.decoding)
      .run();
}

void Writer::append(std::span<const NewItem> items) {
  const std::lock_guard lock(mutex_);
  if (items.empty()) return;
  const auto paths = checked_paths(items);
  const auto rows = gather(items);
  if (!rows.empty()) {
    vectors_->write(state_.vectors_bytes(), std::as_bytes(std::span(rows)));
    vectors_->sync();
  }
  Transaction transaction(database_, Transaction::Kind::write);
  auto next = state_;
  add_blocks(rows);
  auto bury = database_.prepare(
      "INSERT INTO dead SELECT row FROM items WHERE path = ?1 AND row IS NOT "
      "NULL");
  auto drop = database_.prepare("DELETE FROM items WHERE path = ?1");
  auto add = database_.prepare(
      fmt::format("INSERT INTO items VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
                  "?9, ?10, {})",
                  item_checksum_of_values()));
  for (std::size_t i = 0; i < items.size(); ++i) {
    bury.bind(Blob{paths[i]}).run();
    drop.bind(Blob{paths[i]}).run();
    insert(add, items[i], paths[i], next);
  }
  commit(transaction, std::move(next));
}

std::size_t Writer::remove(std::span<const std::int64_t> ids) {
  const std::lock_guard lock(mutex_);
  Transaction transaction(database_, Transaction::Kind::write);
  auto bury = database_.prepare(
      "INSERT INTO dead SELECT row FROM items WHERE id = ?1 AND row IS NOT "
      "NULL");
  auto drop = database_.prepare("DELETE FROM items WHERE id = ?1 RETURNING id");
  std::size_t removed = 0;
  for (const auto id : ids) {
    bury.bind(id).run();
    if (drop.bind(id).step()) ++removed;
    drop.reset();
  }
  commit(transaction, state_);
  return removed;
}

}  // namespace igrot

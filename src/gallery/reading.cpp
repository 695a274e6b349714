#include "gallery/reading.h"

#include "base/fail.h"

namespace igrot {
namespace {

// A reader loses the race with `compact` only if it finishes a whole rewrite
// between two reads of ours; several times in a row, the file is missing.
constexpr int attempts = 5;

std::vector<std::uint64_t> read_dead(const Database& database,
                                     const GalleryState& state,
                                     std::size_t& count) {
  std::vector<std::uint64_t> dead;
  auto rows = database.prepare("SELECT row FROM dead");
  for (count = 0; rows.step(); ++count) {
    const auto row = static_cast<std::uint64_t>(rows.integer(0));
    if (row >= state.rows)
      fail(ErrorKind::corrupt, "{}: dead row {} of {}",
           database.file().string(), row, state.rows);
    if (dead.empty()) dead.resize(state.rows / 64 + 1);
    dead[row / 64] |= std::uint64_t{1} << (row % 64);
  }
  return dead;
}

}  // namespace

MatrixView View::rows() const {
  return {reinterpret_cast<const float*>(vectors.bytes().data()), state.rows,
          state.model.width};
}

ReadSession::ReadSession(Readers& readers)
    : readers_(&readers), database_(readers.take()), paths_("/") {
  for (int attempt = 0; attempt < attempts; ++attempt)
    if (try_view()) return;
  transaction_.reset();
  fail(ErrorKind::corrupt, "{}: the vectors file is missing",
       vectors_file(readers.folder(), read_state(*database_).generation)
           .string());
}

ReadSession::ReadSession(ReadSession&&) noexcept = default;

ReadSession::~ReadSession() {
  transaction_.reset();
  if (database_) readers_->give_back(std::move(database_));
}

bool ReadSession::try_view() {
  transaction_.reset();
  transaction_ =
      std::make_unique<Transaction>(*database_, Transaction::Kind::read);
  view_ = readers_->view_of(*database_);
  if (!view_) return false;
  paths_ = item_paths(readers_->folder(), view_->state);
  return true;
}

std::optional<StoredItem> ReadSession::next(Statement& items) const {
  if (!items.step()) return std::nullopt;
  return read_item(items, paths_, view_->state);
}

std::unique_ptr<Database> Readers::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto database = std::move(idle_.back());
      idle_.pop_back();
      return database;
    }
  }
  const auto file = database_file(folder_);
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored))
    fail(ErrorKind::not_found, "{}: no gallery there ({} is missing)",
         folder_.string(), file.filename().string());
  auto database = std::make_unique<Database>(file, Database::Mode::read);
  if (is_blank(*database))
    fail(ErrorKind::not_found, "{}: no gallery there ({} is empty)",
         folder_.string(), file.filename().string());
  expect_format(*database);
  return database;
}

void Readers::give_back(std::unique_ptr<Database> database) {
  if (database->assumes_frozen()) return;
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(database));
}

std::shared_ptr<const View> Readers::view_of(const Database& database) {
  auto state = read_state(database);
  {
    const std::lock_guard lock(mutex_);
    if (last_ && last_->state.revision == state.revision) return last_;
  }
  auto vectors = VectorsMap::open(vectors_file(folder_, state.generation),
                                  state.vectors_bytes());
  if (!vectors) return nullptr;
  std::size_t dead_count = 0;
  auto dead = read_dead(database, state, dead_count);
  const auto skipped =
      database.integer("SELECT count(*) FROM items WHERE row IS NULL");
  const GalleryCounts counts{state.rows - dead_count,
                             static_cast<std::size_t>(skipped), dead_count};
  auto view = std::make_shared<const View>(
      View{std::move(state), std::move(*vectors), std::move(dead), counts});
  const std::lock_guard lock(mutex_);
  last_ = view;
  return view;
}

}  // namespace igrot

#include "igrot/gallery.h"

#include "base/fail.h"
#include "gallery/check.h"
#include "gallery/reading.h"
#include "gallery/scan_tables.h"
#include "gallery/writing.h"
#include "igrot/search.h"

namespace igrot {
namespace {

std::string name_of(const GalleryModel& model) {
  return fmt::format("'{}' (fingerprint {}, width {})", model.path.string(),
                     model.fingerprint, model.width);
}

void expect_same(const GalleryModel& made, const GalleryModel& given,
                 const std::filesystem::path& folder) {
  if (made.fingerprint != given.fingerprint || made.width != given.width)
    fail(ErrorKind::usage,
         "{}: the gallery was made by model {}, not by {}; their vectors "
         "cannot be compared",
         folder.string(), name_of(made), name_of(given));
}

/// The gallery's folder without symbolic links, which stored paths start from.
std::filesystem::path canonical_folder(const std::filesystem::path& folder) {
  std::error_code refused;
  auto found = std::filesystem::canonical(folder, refused);
  if (refused)
    fail(refused == std::errc::no_such_file_or_directory ? ErrorKind::not_found
                                                         : ErrorKind::io,
         "{}: {}", folder.string(), refused.message());
  return found;
}

}  // namespace

struct Gallery::Impl {
  Impl(const std::filesystem::path& folder, Runtime chosen)
      : readers(canonical_folder(folder)), runtime(std::move(chosen)) {}

  void open_for_writing(const std::optional<GalleryModel>& given,
                        const std::filesystem::path& base) {
    writer = std::make_unique<Writer>(readers.folder(), given, base);
    model = writer->model();
    if (given) expect_same(model, *given, readers.folder());
  }

  Writer& writing() {
    if (!writer)
      fail(ErrorKind::usage, "{}: the gallery was opened for reading only",
           readers.folder().string());
    return *writer;
  }

  Readers readers;
  Runtime runtime;
  GalleryModel model;
  std::unique_ptr<Writer> writer;
};

Gallery Gallery::create_or_open(const std::filesystem::path& folder,
                                const GalleryModel& model, Runtime runtime,
                                const std::filesystem::path& base) {
  std::error_code refused;
  std::filesystem::create_directories(folder, refused);
  if (refused)
    fail(ErrorKind::io, "{}: cannot make the folder: {}", folder.string(),
         refused.message());
  auto impl = std::make_unique<Impl>(folder, std::move(runtime));
  impl->open_for_writing(model, base);
  return Gallery(std::move(impl));
}

Gallery Gallery::open(const std::filesystem::path& folder, Access access,
                      Runtime runtime) {
  auto impl = std::make_unique<Impl>(folder, std::move(runtime));
  impl->model = ReadSession(impl->readers).view().state.model;
  if (access == Access::write) impl->open_for_writing(std::nullopt, {});
  return Gallery(std::move(impl));
}

Gallery::Gallery(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Gallery::Gallery(Gallery&&) noexcept = default;
Gallery& Gallery::operator=(Gallery&&) noexcept = default;
Gallery::~Gallery() = default;

const std::filesystem::path& Gallery::folder() const {
  return impl_->readers.folder();
}

const GalleryModel& Gallery::model() const {
  return impl_->model;
}

void Gallery::require(const GalleryModel& model) const {
  expect_same(impl_->model, model, folder());
}

GalleryCounts Gallery::counts() const {
  return ReadSession(impl_->readers).view().counts;
}

std::vector<Item> Gallery::items(std::int64_t after, std::size_t limit,
                                 ItemKind kind) const {
  const ReadSession session(impl_->readers);
  auto select = session.database().prepare(select_items(fmt::format(
      "WHERE id > ?1 AND {} ORDER BY id LIMIT ?2", condition(kind))));
  select.bind(after, limit);
  std::vector<Item> items;
  while (auto stored = session.next(select))
    items.push_back(std::move(stored->item));
  return items;
}

Item Gallery::item(std::int64_t id) const {
  const ReadSession session(impl_->readers);
  auto select = session.database().prepare(select_items("WHERE id = ?1"));
  auto stored = session.next(select.bind(id));
  if (!stored)
    fail(ErrorKind::not_found, "{}: no item {}", folder().string(), id);
  return std::move(stored->item);
}

std::optional<Item> Gallery::find(const std::filesystem::path& file) const {
  const ReadSession session(impl_->readers);
  auto paths = session.paths();
  auto select = session.database().prepare(select_items("WHERE path = ?1"));
  auto stored = session.next(select.bind(Blob{paths.stored(file)}));
  if (!stored) return std::nullopt;
  return std::move(stored->item);
}

std::vector<std::vector<Hit>> Gallery::search(
    MatrixView queries, const SearchOptions& options) const {
  const ReadSession session(impl_->readers);
  const auto& view = session.view();
  const auto found = search_rows(view.rows(), queries,
                                 {.k = options.k,
                                  .min_score = options.min_score,
                                  .dead = view.dead,
                                  .threads = impl_->runtime.thread_count()});
  auto select = session.database().prepare(select_items("WHERE row = ?1"));
  std::vector<std::vector<Hit>> all(found.size());
  for (std::size_t q = 0; q < found.size(); ++q)
    for (const auto& hit : found[q]) {
      auto stored = session.next(select.bind(hit.row));
      if (!stored)
        fail(ErrorKind::corrupt, "{}: row {} has no item",
             session.database().file().string(), hit.row);
      all[q].push_back(
          {stored->item.id, std::move(stored->item.file.path), hit.score});
    }
  return all;
}

GalleryCheck Gallery::check() const {
  return check_gallery(impl_->readers);
}

void Gallery::append(std::span<const NewItem> items) {
  impl_->writing().append(items);
}

std::size_t Gallery::remove(std::span<const std::int64_t> ids) {
  return impl_->writing().remove(ids);
}

std::size_t Gallery::compact() {
  return impl_->writing().compact();
}

struct GallerySnapshot::Impl {
  explicit Impl(Readers& readers) : session(readers) {}
  ReadSession session;
};

GallerySnapshot Gallery::snapshot() const {
  return GallerySnapshot(
      std::make_unique<GallerySnapshot::Impl>(impl_->readers));
}

GallerySnapshot::GallerySnapshot(std::unique_ptr<Impl> impl)
    : impl_(std::move(impl)) {}
GallerySnapshot::GallerySnapshot(GallerySnapshot&&) noexcept = default;
GallerySnapshot& GallerySnapshot::operator=(GallerySnapshot&&) noexcept =
    default;
GallerySnapshot::~GallerySnapshot() = default;

const GalleryCounts& GallerySnapshot::counts() const {
  return impl_->session.view().counts;
}

void GallerySnapshot::each(
    ItemKind kind,
    const std::function<void(const Item&, std::span<const float>)>& visit)
    const {
  const auto& session = impl_->session;
  auto select = session.database().prepare(
      select_items(fmt::format("WHERE {} ORDER BY id", condition(kind))));
  while (const auto stored = session.next(select))
    visit(stored->item, stored->row ? session.view().row(*stored->row)
                                    : std::span<const float>());
}

struct Scan::Impl {
  explicit Impl(Writer& writer) : tables(writer) {}
  ScanTables tables;
};

Scan Gallery::begin_scan() {
  return Scan(std::make_unique<Scan::Impl>(impl_->writing()));
}

Scan::Scan(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Scan::Scan(Scan&&) noexcept = default;
Scan& Scan::operator=(Scan&&) noexcept = default;
Scan::~Scan() = default;

void Scan::see(const FileState& file) {
  impl_->tables.see(file);
}

void Scan::walked(const std::filesystem::path& folder) {
  impl_->tables.add_walked(folder);
}

void Scan::unreadable(const std::filesystem::path& folder) {
  impl_->tables.add_unreadable(folder);
}

ScanCounts Scan::finish(const HashFile& hash) {
  return impl_->tables.finish(hash);
}

std::vector<WantedFile> Scan::next(std::size_t limit) {
  return impl_->tables.next(limit);
}

}  // namespace igrot

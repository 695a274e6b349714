#include "indexing.h"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "base/ahead.h"
#include "base/fail.h"
#include "base/file.h"
#include "base/sha256.h"
#include "gallery_place.h"
#include "model_choice.h"
#include "picture_files.h"
#include "skipped_items.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

/// Leaves a scan that the user wants ended; what it saw is forgotten.
struct Stopped {};

std::optional<FileState> state_of(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return FileState{path, static_cast<std::uint64_t>(status.st_size),
                   std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 +
                       status.st_mtim.tv_nsec};
}

std::optional<std::string> hash_of(const fs::path& path) {
  try {
    return sha256_hex(read_file(path, OpenOptions().file_limit_bytes));
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// A wanted file once it was read: pixels or the reason why there are none.
struct Prepared {
  WantedFile wanted;
  Tensor pixels;
  std::optional<Skip> skip;
};

Prepared prepare_file(WantedFile wanted, const Recipe& recipe,
                      const Preprocess& preprocess) {
  Prepared prepared{std::move(wanted), {}, {}};
  try {
    const auto options = recipe.open_options();
    const auto content =
        read_file(prepared.wanted.file.path, options.file_limit_bytes);
    prepared.wanted.content_hash = sha256_hex(content);
    prepared.pixels = prepare(Image::decode(content, options), preprocess);
  } catch (const Error& error) {
    prepared.skip = Skip{error.kind(), error.what()};
  }
  return prepared;
}

/// The files a scan wants, by number, fetched a few at a time.
class WantedFiles {
 public:
  explicit WantedFiles(Scan& scan) : scan_(scan) {}

  /// Each number once. Safe from many threads.
  std::optional<WantedFile> take(std::size_t number) {
    const std::lock_guard lock(mutex_);
    while (fetched_ <= number && fetch()) {
    }
    auto entry = files_.extract(number);
    if (entry.empty()) return std::nullopt;
    return std::move(entry.mapped());
  }

 private:
  static constexpr std::size_t files_at_once = 256;

  bool fetch() {
    const auto files = scan_.next(files_at_once);
    for (const auto& file : files) files_.emplace(fetched_++, file);
    return !files.empty();
  }

  Scan& scan_;
  std::mutex mutex_;
  std::size_t fetched_ = 0;
  std::map<std::size_t, WantedFile> files_;
};

Tensor stacked(const std::vector<Prepared>& files, std::size_t side) {
  std::size_t count = 0;
  for (const auto& file : files) count += file.skip ? 0 : 1;
  Tensor pixels({count, 3, side, side});
  auto* to = pixels.data();
  for (const auto& file : files)
    to = std::ranges::copy(file.pixels.values(), to).out;
  return pixels;
}

void append_batch(const std::vector<Prepared>& files, const ActiveModel& model,
                  Gallery& gallery) {
  const auto pixels = stacked(files, model.retriever.side());
  Tensor rows;
  if (pixels.size() > 0) {
    rows = model.retriever.targets(pixels, *model.recipe.target);
    normalize_rows(rows);
  }
  const auto precision =
      std::string(name_of(precisions, model.retriever.precision()));
  std::vector<NewItem> items;
  std::size_t row = 0;
  for (const auto& file : files) {
    NewItem item{.file = file.wanted.file,
                 .content_hash = file.wanted.content_hash,
                 .vector = {},
                 .skip = file.skip,
                 .precision = precision,
                 .decoding = "exact"};
    if (!file.skip) item.vector = rows.matrix().row(row++);
    items.push_back(std::move(item));
  }
  gallery.append(items);
}

class Indexing {
 public:
  Indexing(const Session& session, const IndexRequest& request)
      : session_(session), request_(request) {}

  Indexed run() {
    const auto start = std::chrono::steady_clock::now();
    for (const auto& root : request_.roots)
      if (!fs::exists(root))
        fail(ErrorKind::not_found, "{}: no such file or folder", root.string());
    auto gallery = open();
    const SkippedItems before(gallery, request_.roots);
    result_.gallery = gallery.folder();
    result_.model = gallery.model().path;
    try {
      auto scan = gallery.begin_scan();
      walk(scan);
      scanned_ = finish(scan);
      append(scan, gallery);
      before.take_from(scanned_, SkippedItems(gallery, request_.roots));
    } catch (const Stopped&) {
      session_.note("stopped while looking for files: nothing has changed");
    }
    result_.counts = {.added = scanned_.added + scanned_.retried,
                      .changed = scanned_.changed,
                      .moved = scanned_.moved,
                      .deleted = scanned_.deleted,
                      .unchanged = scanned_.unchanged};
    const SkippedItems now(gallery, request_.roots);
    for (const auto& item : now.items())
      result_.skipped.push_back({item.file.path, *item.skip});
    result_.total = gallery.counts().indexed;
    const std::chrono::duration<double> passed =
        std::chrono::steady_clock::now() - start;
    result_.seconds = passed.count();
    return std::move(result_);
  }

 private:
  // An existing gallery whose model file nobody touched needs no model until a
  // picture has to be computed.
  Gallery open() {
    std::optional<RememberedModel> known;
    if (holds_gallery(request_.gallery)) {
      auto gallery =
          Gallery::open(request_.gallery, Access::write, session_.runtime());
      known = remembered(gallery.model());
      const auto recipe = recipe_from_settings(session_, known->recipe);
      const auto given = session_.settings.path("model");
      if (!given && recipe == known->recipe && is_untouched(gallery.model()))
        return gallery;
    }
    load(known);
    return Gallery::create_or_open(request_.gallery, describe_active(*model_),
                                   session_.runtime(), request_.base);
  }

  void load(const std::optional<RememberedModel>& known) {
    const auto path =
        known ? model_path(session_, *known) : chosen_model(session_);
    session_.note("loading " + path.string());
    model_ = load_active(
        session_, path,
        recipe_from_settings(session_, known ? known->recipe : Recipe()));
  }

  void walk(Scan& scan) {
    auto bar = session_.bar("looking");
    std::size_t seen = 0;
    const WalkVisitor visitor{
        .file =
            [&](const fs::path& path) {
              if (const auto state = state_of(path)) scan.see(*state);
              bar.show_count(++seen);
            },
        .walked = [&](const fs::path& folder) { scan.walked(folder); },
        .unreadable =
            [&](const fs::path& folder, const std::string& reason) {
              scan.unreadable(folder);
              result_.skipped.push_back({folder, {ErrorKind::io, reason}});
            },
        .stopped = [&] { return session_.stopped(); }};
    for (const auto& root : request_.roots) walk_pictures(root, visitor);
    if (session_.stopped()) throw Stopped();
  }

  ScanCounts finish(Scan& scan) const {
    return scan.finish([&](const fs::path& path) {
      if (session_.stopped()) throw Stopped();
      return hash_of(path);
    });
  }

  void append(Scan& scan, Gallery& gallery) {
    result_.wanted = scanned_.added + scanned_.changed + scanned_.retried;
    if (result_.wanted == 0) return;
    if (!model_) load(remembered(gallery.model()));
    const auto preprocess =
        model_->recipe.preprocess(model_->retriever.preprocess());
    const auto batch =
        std::max<std::size_t>(session_.settings.count("batch"), 1);
    const auto threads = session_.runtime().thread_count();
    WantedFiles wanted(scan);
    Ahead<std::optional<Prepared>> files(
        result_.wanted, threads, batch + threads,
        [&](std::size_t i) -> std::optional<Prepared> {
          auto file = wanted.take(i);
          if (!file) return std::nullopt;
          return prepare_file(std::move(*file), model_->recipe, preprocess);
        });
    auto bar = session_.bar("indexing");
    while (result_.done < result_.wanted && !session_.stopped()) {
      const auto ready = next_batch(files, batch);
      if (ready.empty()) break;
      for (const auto& file : ready)
        if (file.skip) take_skipped(file.wanted.file.path, gallery, scanned_);
      append_batch(ready, *model_, gallery);
      result_.done += ready.size();
      bar.show(result_.done, result_.wanted);
      if (!session_.terminal().err_is_terminal)
        session_.note(
            fmt::format("{} of {} files done", result_.done, result_.wanted));
    }
  }

  std::vector<Prepared> next_batch(Ahead<std::optional<Prepared>>& files,
                                   std::size_t batch) const {
    std::vector<Prepared> ready;
    while (ready.size() < batch) {
      auto file = files.next();
      if (!file || !*file) break;
      ready.push_back(std::move(**file));
    }
    return ready;
  }

  const Session& session_;
  const IndexRequest& request_;
  std::optional<ActiveModel> model_;
  ScanCounts scanned_;
  Indexed result_;
};

}  // namespace

Indexed index_pictures(const Session& session, const IndexRequest& request) {
  return Indexing(session, request).run();
}

}  // namespace igrot::app

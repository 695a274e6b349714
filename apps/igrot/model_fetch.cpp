// `igrot model fetch`: a known model onto this machine, every byte checked
// against what its publisher says of it.
#include "base/fail.h"
#include "base/file.h"
#include "base/sha256.h"
#include "download.h"
#include "hub_cache.h"
#include "model_store.h"
#include "output.h"
#include "outputs.h"
#include "verbs.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string name;
  std::string to;
  bool offline = false;
};

struct Stopped {};

/// A file that is there now.
struct Fetched {
  const KnownFile* file;
  std::string_view source;  ///< "there", "cache" or "download"
  std::uint64_t size_bytes = 0;
  std::string sha256;
  bool checked = false;  ///< against a published SHA-256
};

/// Looks at a file that was there before this run. Throws Error: corrupt.
Fetched inspect(const fs::path& path, const KnownFile& file,
                std::string_view source) {
  const auto mapped = MappedFile::open(path);
  const auto size = mapped.bytes().size();
  const auto refuse = [&](const std::string& what) {
    fail(ErrorKind::corrupt, "{}: {}; remove it to fetch it again",
         path.string(), what);
  };
  if (file.size_bytes > 0 && size != file.size_bytes)
    refuse(fmt::format("has {} bytes, expected {}", size, file.size_bytes));
  auto sha256 = sha256_hex(mapped.bytes());
  if (!file.sha256.empty() && sha256 != file.sha256)
    refuse(fmt::format("has SHA-256 {}, expected {}", sha256, file.sha256));
  return {&file, source, size, std::move(sha256), !file.sha256.empty()};
}

class Fetch {
 public:
  Fetch(const KnownModel& model, const Options& options, const Session& session)
      : model_(model),
        session_(session),
        folder_(options.to.empty() ? store_folder(session, model)
                                   : fs::path(options.to)),
        snapshot_(find_snapshot(session.world().environment, model)),
        offline_(options.offline ||
                 hub_is_offline(session.world().environment)) {
    use_cache_in_place_ = options.to.empty() && !holds_files(folder_, model);
  }

  /// The files one after the other. Throws Stopped, Error.
  std::vector<Fetched> run() {
    if (snapshot_ && use_cache_in_place_) {
      folder_ = *snapshot_;
      return each([&](const KnownFile& file) {
        return inspect(folder_ / file.name, file, "cache");
      });
    }
    return each([&](const KnownFile& file) { return fetch(file); });
  }

  /// What can be loaded now.
  fs::path path() const { return loadable(folder_, model_); }

 private:
  template <class One>
  std::vector<Fetched> each(One&& one) const {
    std::vector<Fetched> fetched;
    for (const auto& file : model_.files) fetched.push_back(one(file));
    return fetched;
  }

  Fetched fetch(const KnownFile& file) const {
    const auto target = folder_ / file.name;
    std::error_code error;
    if (fs::exists(target, error)) return inspect(target, file, "there");
    if (snapshot_) return copy(file, target);
    if (offline_)
      fail(ErrorKind::not_found,
           "{}: {} is neither in {} nor in Hugging Face's cache, and the "
           "network is off (--offline or HF_HUB_OFFLINE)",
           model_.name, file.name, folder_.string());
    make_folder(folder_);
    return from_network(file, target);
  }

  Fetched copy(const KnownFile& file, const fs::path& target) const {
    auto found = inspect(*snapshot_ / file.name, file, "cache");
    make_folder(folder_);
    AtomicFile copied(target);
    copied.write(MappedFile::open(*snapshot_ / file.name).bytes());
    copied.commit();
    return found;
  }

  Fetched from_network(const KnownFile& file, const fs::path& target) const {
    const DownloadRequest request{.address = address_for(session_, file),
                                  .target = target,
                                  .sha256 = std::string(file.sha256),
                                  .size_bytes = file.size_bytes};
    session_.note(fmt::format("fetching {}", request.address));
    auto bar = session_.bar(fmt::format("{} (MB)", file.name));
    DownloadHooks hooks;
    hooks.progress = [&, begun = false](std::uint64_t done,
                                        std::uint64_t total) mutable {
      constexpr std::uint64_t mb = 1'000'000;
      if (!std::exchange(begun, true)) bar.begin(done / mb);
      if (total >= mb)
        bar.show(done / mb, total / mb);
      else
        bar.show_count(done / mb);
      return !session_.stopped();
    };
    hooks.say = [&](std::string_view sentence) {
      bar.clear();
      session_.warn(sentence);
    };
    const auto done = download(request, hooks);
    if (!done) throw Stopped();
    return {&file, "download", done->size_bytes, done->sha256, done->checked};
  }

  const KnownModel& model_;
  const Session& session_;
  fs::path folder_;
  std::optional<fs::path> snapshot_;
  bool offline_;
  bool use_cache_in_place_;
};

void warn_of_unchecked(const std::vector<Fetched>& files,
                       const Session& session) {
  for (const auto& file : files)
    if (!file.checked && !file.file->name.ends_with(".json"))
      session.warn(fmt::format("{}: no SHA-256 is published for it; it has {}",
                               file.file->name, file.sha256));
}

Json json_of(const KnownModel& model, const fs::path& path,
             const std::vector<Fetched>& fetched) {
  auto files = Json::array();
  for (const auto& file : fetched)
    files.push_back({{"name", file.file->name},
                     {"source", file.source},
                     {"size_bytes", file.size_bytes},
                     {"sha256", file.sha256},
                     {"checked", file.checked}});
  return {{"name", model.name}, {"path", path.string()}, {"files", files}};
}

int run(const Options& options, const Session& session) {
  const auto& model = known_model(options.name);
  if (model.files.empty()) fail_by_hand(model);
  if (!model.runs)
    session.warn(fmt::format("{}: igrot does not run {} models yet", model.name,
                             model.layout));
  Fetch fetch(model, options, session);
  try {
    const auto files = fetch.run();
    warn_of_unchecked(files, session);
    if (session.json)
      print_json(json_of(model, fetch.path(), files), 1);
    else
      print(printable(fetch.path().native()) + "\n");
  } catch (const Stopped&) {
    session.warn("stopped; the same call goes on from here");
  }
  return session.exit_code();
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  command.add_option("NAME", options->name, "of a model of igrot model list")
      ->required()
      ->type_name("NAME");
  command
      .add_option("--to", options->to,
                  "folder for the files [igrot/models/NAME below "
                  "$XDG_DATA_HOME or ~/.local/share, where --model NAME finds "
                  "them]")
      ->type_name("DIR");
  command.add_flag("--offline", options->offline,
                   "take only what Hugging Face's cache holds");
  session.settings.offer(command, {"model-mirror"});
  offer_json(command, session);
  return [options, &session] { return run(*options, session); };
}

}  // namespace

constinit const Verb model_fetch_verb{
    "model fetch", everybody_section,
    "fetches a known model, checks it, prints where it is",
    R"(  igrot model fetch openai-vit-b-32
  igrot index ~/Pictures --model openai-vit-b-32
  igrot model fetch bge-vl-base --to models/bge
  IGROT_MODEL_MIRROR=http://mirror.lan igrot model fetch blip-coco)",
    declare};

}  // namespace igrot::app

#include "train/dry_run.h"

#include <algorithm>
#include <unordered_set>

#include "train/validation.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

/// Paths without repetition, as they come.
class DifferentPaths {
 public:
  void add(const fs::path& path) {
    if (seen_.insert(path.native()).second) list_.push_back(path);
  }
  const std::vector<fs::path>& list() const { return list_; }

 private:
  std::unordered_set<std::string> seen_;
  std::vector<fs::path> list_;
};

DifferentPaths pictures_of(const Samples& samples) {
  DifferentPaths paths;
  for (const auto& sample : samples.list) {
    paths.add(sample.picture);
    if (sample.second) paths.add(*sample.second);
  }
  return paths;
}

DifferentPaths pictures_of(const std::optional<ValidationSet>& set) {
  DifferentPaths paths;
  if (!set) return paths;
  for (const auto& path : set->gallery) paths.add(path);
  for (const auto& query : set->queries) paths.add(query.reference);
  return paths;
}

/// Looks for files, counting them over several sets.
class Search {
 public:
  Search(const Progress& progress, std::size_t total)
      : progress_(progress), total_(total) {}

  PictureCheck look_for(const std::vector<fs::path>& paths) {
    PictureCheck check{.different = paths.size(), .missing = {}};
    for (const auto& path : paths) {
      if (interrupted_) break;
      std::error_code error;
      if (!fs::is_regular_file(path, error)) check.missing.push_back(path);
      ++done_;
      interrupted_ = progress_ && !progress_(done_, total_);
    }
    return check;
  }

  bool interrupted() const { return interrupted_; }

 private:
  const Progress& progress_;
  const std::size_t total_;
  std::size_t done_ = 0;
  bool interrupted_ = false;
};

void count_steps(DryRun& run, const TrainSection& train) {
  run.batches = run.samples.list.size() / train.batch_size;
  run.steps = train.epochs * run.batches;
  if (train.max_steps > 0) run.steps = std::min(run.steps, train.max_steps);
}

}  // namespace

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

DryRun inspect_training(const TrainConfig& config, const Progress& progress) {
  DryRun run;
  run.samples = read_samples(config);
  run.validation = read_validation(config);
  count_steps(run, config.train);
  for (std::size_t i = 0; i < run.samples.list.size(); ++i)
    if (is_blank(run.samples.list[i].text)) run.wordless.push_back(i);

  const auto training = pictures_of(run.samples);
  const auto validation = pictures_of(run.validation);
  Search search(progress, training.list().size() + validation.list().size());
  run.pictures = search.look_for(training.list());
  run.validation_pictures = search.look_for(validation.list());
  run.interrupted = search.interrupted();
  return run;
}

}  // namespace igrot

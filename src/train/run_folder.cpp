#include "train/run_folder.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/fail.h"
#include "base/file.h"
#include "formats/writers.h"
#include "models/write_model.h"
#include "train/numbered_files.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::uint64_t most_text_bytes = 1U << 24U;

/// Keys that may change when a run goes on: they touch no number.
constexpr std::array<std::string_view, 5> free_keys{
    "max_steps", "loader_threads", "skip_limit", "every_steps", "keep"};

std::string read_text(const fs::path& path) {
  const auto bytes = read_file(path, most_text_bytes);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The lines of a configuration that numbers depend on.
std::vector<std::string> binding_lines(const std::string& toml) {
  std::vector<std::string> lines;
  std::istringstream in(toml);
  for (std::string line; std::getline(in, line);) {
    const auto key = line.substr(0, line.find(' '));
    if (std::ranges::find(free_keys, key) == free_keys.end())
      lines.push_back(line);
  }
  return lines;
}

void check_same(const fs::path& path, const std::string& now) {
  const auto old_lines = binding_lines(read_text(path));
  const auto new_lines = binding_lines(now);
  const auto [a, b] = std::ranges::mismatch(old_lines, new_lines);
  if (a == old_lines.end() && b == new_lines.end()) return;
  fail(ErrorKind::usage,
       "the run in {} was started with another configuration: '{}' there, "
       "'{}' now",
       path.parent_path().string(), a == old_lines.end() ? "" : *a,
       b == new_lines.end() ? "" : *b);
}

void write_text(const fs::path& path, const std::string& text) {
  AtomicFile file(path);
  file.write(text);
  file.commit();
}

/// `to` becomes what `from` is, without a moment in which it is missing.
void replace_by(const fs::path& from, const fs::path& to) {
  auto temporary = to;
  temporary += ".new";
  std::error_code error;
  fs::remove(temporary, error);
  fs::create_hard_link(from, temporary, error);
  if (error)  // a file system without links
    fs::copy_file(from, temporary, fs::copy_options::overwrite_existing);
  fs::rename(temporary, to);
}

}  // namespace

std::optional<std::size_t> Scores::best_epoch() const {
  std::optional<std::size_t> best;
  double highest = 0;
  for (const auto& [epoch, score] : by_epoch)
    if (score > highest) {
      highest = score;
      best = epoch;
    }
  return best;
}

std::size_t Scores::since_best() const {
  const auto best = best_epoch();
  if (!best) return by_epoch.size();
  return static_cast<std::size_t>(
      std::distance(by_epoch.upper_bound(*best), by_epoch.end()));
}

RunFolder::RunFolder(const TrainRequest& request)
    : path_(request.out), config_(train_config_toml(request.config)) {
  const auto config = path_ / "config.toml";
  std::error_code error;
  if (!fs::exists(config, error)) return;
  if (!request.resume)
    fail(ErrorKind::usage,
         "{}: holds a run already; --resume continues it, or --out names "
         "another folder",
         path_.string());
  check_same(config, config_);
}

void RunFolder::begin() const {
  fs::create_directories(path_);
  write_text(path_ / "config.toml", config_);
}

void RunFolder::write_last(const Parameters& parameters,
                           const ModelConfig& config) const {
  const ModelNumbers numbers{
      .read =
          [&](const TensorSpec& spec) {
            return host_tensor(parameters.find(spec.name).value);
          },
      .logit_scale = host_tensor(parameters.temperature().value).values()[0],
      .carried = parameters.carried};
  write_model(path_ / "last.pth", config, numbers);
  write_model(last(), config, numbers);
}

void RunFolder::promote() const {
  replace_by(path_ / "last.pth", path_ / "best.pth");
  replace_by(last(), best());
}

void RunFolder::keep_checkpoint(std::size_t step, std::size_t keep) const {
  const auto folder = path_ / "checkpoints";
  fs::create_directories(folder);
  for (const std::string ending : {".pth", ".safetensors"}) {
    replace_by(path_ / ("last" + ending), folder / numbered_name(step, ending));
    drop_older(folder, ending, keep);
  }
}

void RunFolder::write_gradients(std::size_t step, const Parameters& parameters,
                                const ModelConfig& config) const {
  std::vector<Tensor> kept;
  std::vector<std::string> names;
  for (const auto& parameter : parameters.list) {
    if (!parameter.value.grad().defined()) continue;
    kept.push_back(host_tensor(parameter.value.grad()));
    names.push_back(foreign_model_name(config, parameter.name));
  }
  std::vector<TensorToWrite> list;
  for (std::size_t i = 0; i < kept.size(); ++i)
    list.push_back(to_write(names[i], kept[i]));
  write_safetensors(path_ / fmt::format("gradients-{}.safetensors", step),
                    list);
}

Scores RunFolder::read_scores() const {
  const auto path = path_ / "state" / "scores.json";
  Scores scores;
  std::error_code error;
  if (!fs::exists(path, error)) return scores;
  const auto json = Json::parse(read_text(path), nullptr, false);
  if (!json.is_array())
    fail(ErrorKind::corrupt, "{}: is no list of scores", path.string());
  for (const auto& row : json) {
    if (!row.is_object() || !row.contains("epoch") || !row.contains("score") ||
        !row["epoch"].is_number_unsigned() || !row["score"].is_number())
      fail(ErrorKind::corrupt, "{}: is no list of scores", path.string());
    scores.by_epoch[row["epoch"]] = row["score"];
  }
  return scores;
}

void RunFolder::write_scores(const Scores& scores) const {
  auto json = Json::array();
  for (const auto& [epoch, score] : scores.by_epoch)
    json.push_back({{"epoch", epoch}, {"score", score}});
  fs::create_directories(states());
  write_text(states() / "scores.json", json.dump() + "\n");
}

}  // namespace igrot

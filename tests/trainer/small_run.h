// A run of a few steps over the goldens' sixteen triplets.
#pragma once

#include <fstream>

#include "tests/models/golden.h"
#include "train/training.h"

namespace igrot::test {

inline fs::path train_golden() {
  return fs::path(IGROT_TEST_GOLDEN) / "train";
}

inline nlohmann::json read_json(const fs::path& path) {
  std::ifstream in(path);
  return nlohmann::json::parse(in);
}

inline std::vector<nlohmann::json> read_lines(const fs::path& path) {
  std::ifstream in(path);
  std::vector<nlohmann::json> lines;
  for (std::string line; std::getline(in, line);)
    lines.push_back(nlohmann::json::parse(line));
  return lines;
}

inline std::string picture(const std::string& name, std::size_t i) {
  return train_golden() / "images" / (name + std::to_string(i) + ".png");
}

inline void write_triplets(const fs::path& path) {
  const auto texts = read_json(train_golden() / "texts.json");
  std::ofstream out(path);
  for (std::size_t i = 0; i < texts.size(); ++i)
    out << nlohmann::json{{"reference", picture("ref", i)},
                          {"text", texts[i]},
                          {"target", picture("tgt", i)}}
               .dump()
        << "\n";
}

/// Everything random is on: order, dropout, views.
inline TrainRequest small_run(const fs::path& folder, const fs::path& out) {
  write_triplets(folder / "triplets.jsonl");
  TrainRequest request;
  request.out = out;
  auto& config = request.config;
  config.model.init = unpacked("clip_tiny_union/clip_tiny_union.pth");
  config.model.activation = "quick_gelu";
  config.data.triplets = folder / "triplets.jsonl";
  config.augment.min_scale = 0.8;
  config.train.epochs = 3;
  config.train.batch_size = 4;
  config.train.learning_rate = 1e-3;
  config.checkpoint.every_steps = 3;
  return request;
}

inline TrainHooks two_threads() {
  TrainHooks hooks;
  hooks.runtime.threads = 2;
  return hooks;
}

}  // namespace igrot::test

// What a training run is told: the TOML file of `igrot train`, as a struct.
// docs/training.md explains every key; a key's name is its field's name.
// Source: method.md 7 for the defaults.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "igrot/image.h"
#include "igrot/settings.h"
#include "image/augment.h"

namespace igrot {

/// Which parts of the backbone learn.
enum class TrainedEncoder {
  both,     ///< everything
  text,     ///< the image tower is frozen
  neither,  ///< both towers are frozen
};

/// What is learned.
enum class TrainMode {
  composed,  ///< UNION: picture + words -> picture
  clip,      ///< contrastive pre-training of the towers
};

enum class TrainPrecision {
  f32,
  bf16,  ///< products in bfloat16, the rest and the weights in float32
  f16,   ///< the same in float16 with loss scaling; CUDA only
};

enum class Device { automatic, cpu, cuda };

inline constexpr std::array trained_encoders{
    Named{TrainedEncoder::both, "both"}, Named{TrainedEncoder::text, "text"},
    Named{TrainedEncoder::neither, "neither"}};
inline constexpr std::array train_modes{Named{TrainMode::composed, "composed"},
                                        Named{TrainMode::clip, "clip"}};
inline constexpr std::array train_precisions{
    Named{TrainPrecision::f32, "f32"}, Named{TrainPrecision::bf16, "bf16"},
    Named{TrainPrecision::f16, "f16"}};
inline constexpr std::array devices{Named{Device::automatic, "auto"},
                                    Named{Device::cpu, "cpu"},
                                    Named{Device::cuda, "cuda"}};

/// [model.new]: a CLIP to start from nothing. Heads are 64 wide, as in the
/// published ones, so the towers' widths are multiples of 64.
struct NewModelConfig {
  std::size_t width = 256;  ///< d
  std::size_t side = 64;    ///< pixels of a picture, one way
  std::size_t patch = 8;    ///< pixels of a patch, one way
  std::size_t image_width = 256;
  std::size_t image_layers = 6;
  std::size_t text_width = 128;
  std::size_t text_layers = 4;
  std::size_t context = 77;
  std::string activation = "quick_gelu";
  bool silent_words = false;  ///< words that no sample has say nothing
};

/// [model]
struct ModelSection {
  std::filesystem::path init;           ///< any loadable checkpoint; or
  std::optional<NewModelConfig> fresh;  ///< [model.new]
  std::string activation;  ///< of files that cannot say; empty: as they say
  Target target = Target::union_;
  std::size_t fusion_layers = 2;  ///< of a fusion that is started here
};

/// [data]. Relative paths are relative to the configuration file.
struct DataSection {
  std::string name;                   ///< "llavasco", ...; or
  std::filesystem::path triplets;     ///< JSONL {"reference", "text", "target"}
  std::filesystem::path pairs;        ///< mode clip: {"image", "text", "other"}
  std::filesystem::path root;         ///< of the data set, or of relative paths
  bool llava = true;                  ///< append the captions of targets
  std::optional<bool> row_normalize;  ///< unset: as the data set's own
  std::optional<bool> convert_first;  ///< likewise
  Pad pad = Pad::target;
  double ratio = 1.25;
  std::size_t limit = 0;  ///< only the first so many samples; 0: all
};

/// [train]
struct TrainSection {
  TrainMode mode = TrainMode::composed;
  TrainedEncoder encoder = TrainedEncoder::both;
  std::size_t epochs = 2;
  std::size_t batch_size = 32;
  double learning_rate = 1e-4;            ///< of new layers
  double backbone_learning_rate = 1e-6;   ///< of the towers
  double min_learning_rate_share = 0.01;  ///< eta_min over learning_rate
  std::size_t warmup_steps = 0;
  double weight_decay = 0.05;
  double adam_beta2 = 0.999;
  double adam_eps = 1e-6;
  double clip_norm = 5;  ///< 0: no clipping
  double dropout = 0.1;  ///< 0 switches off every dropout of the model
  bool shuffle = true;
  std::uint64_t seed = 0;
  TrainPrecision precision = TrainPrecision::f32;
  Mask mask = Mask::automatic;   ///< automatic: added in training
  std::size_t skip_limit = 100;  ///< unreadable pictures before giving up
  std::size_t max_steps = 0;     ///< end after so many steps; 0: no limit
  std::size_t early_stop = 0;    ///< validations without improvement; 0: never
  bool cache_features = true;    ///< encode pictures of a frozen tower once
  double other_weight = 0.5;     ///< clip: weight of the picture-picture term
  std::size_t loader_threads = 0;  ///< 0: as many as processors
  Device device = Device::automatic;
  std::vector<std::size_t> save_gradients;  ///< steps to write them for
};

/// [validation]
struct ValidationSection {
  std::string name;                ///< "lasco"; or
  std::filesystem::path triplets;  ///< JSONL {"reference", "text", "target"}
  std::filesystem::path root;      ///< empty: that of [data]
  std::size_t every_epochs = 1;
  std::string metric = "mean(R@10,R@50)";
  Target target = Target::original;  ///< of the gallery, as the reference has
  std::size_t limit = 0;             ///< only the first so many queries
};

/// [checkpoint]
struct CheckpointSection {
  std::size_t every_steps = 500;  ///< besides the end of every epoch; 0: never
  std::size_t keep = 2;           ///< states and checkpoints kept, at least 1
};

struct TrainConfig {
  ModelSection model;
  DataSection data;
  Augment augment;  ///< [augment], of training pictures only
  TrainSection train;
  std::optional<ValidationSection> validation;
  CheckpointSection checkpoint;
};

/// Reads a configuration. `overrides` are "section.key=value" with a TOML
/// value (a bare word counts as a string); they win over the file. Relative
/// paths of the file are taken from its folder, those of overrides from the
/// working folder. Throws Error: usage (unknown section or key with the nearest
/// known one, wrong type, out of range, contradictions), not_found, io.
TrainConfig read_train_config(const std::filesystem::path& path,
                              const std::vector<std::string>& overrides = {});

/// The whole configuration as TOML, defaults included: reading it back gives
/// the same.
std::string train_config_toml(const TrainConfig& config);

}  // namespace igrot

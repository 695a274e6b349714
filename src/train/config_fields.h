// The keys of a training configuration, one line each. Reading, overriding,
// writing and the test of docs/training.md walk these and nothing else.
//
// A visitor is called with (key, value) and what the value must be: nothing
// more for text, paths and yes or no, a Range for numbers, a table of names for
// choices.
#pragma once

#include <concepts>
#include <limits>

#include "models/derive.h"
#include "train/config.h"

namespace igrot {

/// Which numbers a key takes.
struct Range {
  double least = 0;
  double most = std::numeric_limits<double>::infinity();
  bool takes_least = true;
  bool takes_most = true;

  constexpr bool has(double number) const {
    return (takes_least ? number >= least : number > least) &&
           (takes_most ? number <= most : number < most);
  }
};

inline constexpr Range any_amount{};
inline constexpr Range at_least_one{.least = 1};
inline constexpr Range above_zero{.least = 0, .takes_least = false};
inline constexpr Range share{.least = 0, .most = 1};

/// T, const or not.
template <class Given, class T>
concept Either = std::same_as<std::remove_const_t<Given>, T>;

template <Either<NewModelConfig> Section, class Visit>
void visit_fields(Section& s, Visit&& visit) {
  constexpr Range width{.least = 1, .most = 16384};
  constexpr Range layers{.least = 1, .most = 256};
  visit("width", s.width, width);
  visit("side", s.side, width);
  visit("patch", s.patch, width);
  visit("image_width", s.image_width, width);
  visit("image_layers", s.image_layers, layers);
  visit("text_width", s.text_width, width);
  visit("text_layers", s.text_layers, layers);
  visit("context", s.context, Range{.least = 3, .most = 16384});
  visit("activation", s.activation, activations);
  visit("silent_words", s.silent_words);
}

template <Either<ModelSection> Section, class Visit>
void visit_fields(Section& s, Visit&& visit) {
  visit("init", s.init);
  visit("activation", s.activation, activations);
  visit("target", s.target, targets);
  visit("fusion_layers", s.fusion_layers, Range{.least = 1, .most = 256});
}

template <Either<DataSection> Section, class Visit>
void visit_fields(Section& s, Visit&& visit) {
  visit("name", s.name);
  visit("triplets", s.triplets);
  visit("pairs", s.pairs);
  visit("root", s.root);
  visit("llava", s.llava);
  visit("row_normalize", s.row_normalize);
  visit("convert_first", s.convert_first);
  visit("pad", s.pad, pads);
  visit("ratio", s.ratio, at_least_one);
  visit("limit", s.limit, any_amount);
}

template <Either<Augment> Section, class Visit>
void visit_fields(Section& s, Visit&& visit) {
  visit("min_scale", s.min_scale,
        Range{.least = 0, .most = 1, .takes_least = false});
  visit("max_rotate", s.max_rotate, Range{.least = 0, .most = 180});
  visit("max_shift", s.max_shift, share);
  visit("flip", s.flip, share);
  visit("brightness", s.brightness, share);
  visit("contrast", s.contrast, share);
  visit("saturation", s.saturation, share);
  visit("hue", s.hue, Range{.least = 0, .most = 180});
  visit("gray", s.gray, share);
  visit("lines", s.lines, share);
  visit("ink", s.ink, share);
  visit("thicken", s.thicken, share);
  visit("erase", s.erase, share);
}

template <Either<TrainSection> Section, class Visit>
void visit_fields(Section& s, Visit&& visit) {
  visit("mode", s.mode, train_modes);
  visit("encoder", s.encoder, trained_encoders);
  visit("epochs", s.epochs, Range{.least = 0, .most = 1e6});
  // The loss of one sample among itself is 0.
  visit("batch_size", s.batch_size, Range{.least = 2, .most = 1e6});
  visit("learning_rate", s.learning_rate, any_amount);
  visit("backbone_learning_rate", s.backbone_learning_rate, any_amount);
  visit("min_learning_rate_share", s.min_learning_rate_share, share);
  visit("warmup_steps", s.warmup_steps, any_amount);
  visit("weight_decay", s.weight_decay, any_amount);
  visit("adam_beta2", s.adam_beta2,
        Range{.least = 0, .most = 1, .takes_most = false});
  visit("adam_eps", s.adam_eps, above_zero);
  visit("clip_norm", s.clip_norm, any_amount);
  visit("dropout", s.dropout,
        Range{.least = 0, .most = 1, .takes_most = false});
  visit("shuffle", s.shuffle);
  visit("seed", s.seed, any_amount);
  visit("precision", s.precision, train_precisions);
  visit("mask", s.mask, masks);
  visit("skip_limit", s.skip_limit, any_amount);
  visit("max_steps", s.max_steps, any_amount);
  visit("early_stop", s.early_stop, any_amount);
  visit("cache_features", s.cache_features);
  visit("other_weight", s.other_weight, any_amount);
  visit("loader_threads", s.loader_threads, Range{.least = 0, .most = 1024});
  visit("device", s.device, devices);
  visit("save_gradients", s.save_gradients, at_least_one);
}

template <Either<ValidationSection> Section, class Visit>
void visit_fields(Section& s, Visit&& visit) {
  visit("name", s.name);
  visit("triplets", s.triplets);
  visit("root", s.root);
  visit("every_epochs", s.every_epochs, at_least_one);
  visit("metric", s.metric);
  visit("target", s.target, targets);
  visit("limit", s.limit, any_amount);
}

template <Either<CheckpointSection> Section, class Visit>
void visit_fields(Section& s, Visit&& visit) {
  visit("every_steps", s.every_steps, any_amount);
  visit("keep", s.keep, at_least_one);
}

/// The sections by name; those that may be missing are std::optional.
template <Either<TrainConfig> Config, class Visit>
void visit_sections(Config& c, Visit&& visit) {
  visit("model", c.model);
  visit("model.new", c.model.fresh);
  visit("data", c.data);
  visit("augment", c.augment);
  visit("train", c.train);
  visit("validation", c.validation);
  visit("checkpoint", c.checkpoint);
}

/// Every "section.key", in the order of the file.
std::vector<std::string> train_config_keys();

}  // namespace igrot

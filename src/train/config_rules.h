// What a training configuration must not say all at once.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

#include "train/config.h"

namespace igrot {

/// Settings that exclude each other, one row each.
struct Contradiction {
  bool (*is_in)(const TrainConfig&);
  std::string_view sentence;
};

inline bool trains_clip(const TrainConfig& c) {
  return c.train.mode == TrainMode::clip;
}

inline constexpr std::array contradictions{
    Contradiction{
        [](const TrainConfig& c) {
          return c.model.init.empty() && !c.model.fresh;
        },
        "there is nothing to start from: model.init names a checkpoint, a "
        "section [model.new] a model without one"},
    Contradiction{[](const TrainConfig& c) {
                    return !c.model.init.empty() && c.model.fresh;
                  },
                  "model.init and [model.new] exclude each other"},
    Contradiction{[](const TrainConfig& c) {
                    return c.model.fresh && !c.model.activation.empty();
                  },
                  "model.activation belongs to model.init; [model.new] has its "
                  "own activation"},
    Contradiction{[](const TrainConfig& c) {
                    return c.model.fresh &&
                           c.model.fresh->side % c.model.fresh->patch != 0;
                  },
                  "model.new.side is no multiple of model.new.patch"},
    Contradiction{[](const TrainConfig& c) {
                    constexpr std::size_t head = 64;
                    return c.model.fresh &&
                           (c.model.fresh->image_width % head != 0 ||
                            c.model.fresh->text_width % head != 0);
                  },
                  "model.new.image_width and text_width are multiples of 64, "
                  "the width of a head"},
    Contradiction{[](const TrainConfig& c) {
                    return trains_clip(c) && c.data.pairs.empty();
                  },
                  "train.mode \"clip\" needs data.pairs"},
    Contradiction{[](const TrainConfig& c) {
                    return trains_clip(c) &&
                           !(c.data.name.empty() && c.data.triplets.empty());
                  },
                  "train.mode \"clip\" reads data.pairs, and neither data.name "
                  "nor data.triplets"},
    Contradiction{[](const TrainConfig& c) {
                    return !trains_clip(c) && !c.data.pairs.empty();
                  },
                  "data.pairs is for train.mode \"clip\""},
    Contradiction{[](const TrainConfig& c) {
                    return !trains_clip(c) && c.data.name.empty() &&
                           c.data.triplets.empty();
                  },
                  "there are no samples: data.name names a data set, "
                  "data.triplets a file of your own"},
    Contradiction{[](const TrainConfig& c) {
                    return !c.data.name.empty() && !c.data.triplets.empty();
                  },
                  "data.name and data.triplets exclude each other"},
    Contradiction{[](const TrainConfig& c) {
                    return !c.data.name.empty() && c.data.root.empty();
                  },
                  "data.name needs data.root, the folder of the data set"},
    Contradiction{[](const TrainConfig& c) {
                    return c.train.precision == TrainPrecision::f16 &&
                           c.train.device == Device::cpu;
                  },
                  "train.precision \"f16\" needs train.device \"cuda\"; "
                  "\"bf16\" works anywhere"},
    Contradiction{[](const TrainConfig& c) {
                    const auto& steps = c.train.save_gradients;
                    return std::ranges::adjacent_find(
                               steps, std::greater_equal<>()) != steps.end();
                  },
                  "train.save_gradients must rise from step to step"},
    Contradiction{[](const TrainConfig& c) {
                    return trains_clip(c) &&
                           c.train.encoder == TrainedEncoder::neither;
                  },
                  "with train.encoder \"neither\", train.mode \"clip\" has "
                  "nothing to learn"},
    Contradiction{[](const TrainConfig& c) {
                    return trains_clip(c) && c.model.fresh &&
                           c.train.encoder != TrainedEncoder::both;
                  },
                  "a tower of [model.new] knows nothing: train.mode \"clip\" "
                  "needs train.encoder \"both\" for it"},
    Contradiction{[](const TrainConfig& c) {
                    return c.augment.lines + c.augment.ink > 1;
                  },
                  "augment.lines and augment.ink exclude each other in a view: "
                  "they must be at most 1 together"},
    Contradiction{[](const TrainConfig& c) {
                    return c.train.early_stop > 0 && !c.validation;
                  },
                  "train.early_stop needs a section [validation]"},
    Contradiction{[](const TrainConfig& c) {
                    return c.validation && c.validation->name.empty() ==
                                               c.validation->triplets.empty();
                  },
                  "[validation] needs either name or triplets"},
    Contradiction{[](const TrainConfig& c) {
                    return c.validation && !c.validation->name.empty() &&
                           c.validation->root.empty() && c.data.root.empty();
                  },
                  "validation.name needs validation.root, the folder of the "
                  "data set"},
    Contradiction{[](const TrainConfig& c) {
                    return trains_clip(c) && c.validation &&
                           c.validation->target == Target::union_;
                  },
                  "validation.target \"union\" needs the UNION head, which "
                  "train.mode \"clip\" does not train"},
};

}  // namespace igrot

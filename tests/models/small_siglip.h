// A small SigLIP of random weights, written under the names of either library.
#pragma once

#include <random>

#include "formats/writers.h"
#include "models/foreign_tensors.h"
#include "models/layouts.h"
#include "models/model.h"
#include "tests/models/rewritten.h"
#include "tests/text/piece_vocabulary.h"

namespace igrot::test {

inline StackConfig small_stack(std::size_t width) {
  return {.width = width,
          .layers = 2,
          .heads = width / 64,
          .mlp_width = 2 * width,
          .activation = Activation::gelu_tanh,
          .eps = 1e-6F,
          .dropout = 0};
}

inline ModelConfig small_siglip() {
  ModelConfig config;
  auto& c = config.towers;
  c.family = Family::siglip;
  c.width = 128;
  c.patch = 16;
  c.grid = 3;
  c.vision = small_stack(128);
  c.context = 12;
  c.text_positions = c.context;
  c.vocabulary = 270;
  c.text = small_stack(64);
  return config;
}

/// Numbers that depend on the tensor's name alone.
inline Tensor random_weights(const TensorSpec& spec) {
  std::mt19937 random(
      static_cast<std::uint32_t>(std::hash<std::string>()(spec.name)));
  std::normal_distribution<float> numbers(0, 0.1F);
  Tensor tensor(spec.shape);
  for (std::size_t i = 0; i < tensor.size(); ++i)
    tensor.data()[i] = numbers(random);
  return tensor;
}

constexpr std::string_view huggingface_siglip = "vision_model.head.probe";
constexpr std::string_view open_clip_siglip = "visual.trunk.attn_pool.latent";

/// marker: which layout's names.
inline fs::path write_small_siglip(const fs::path& path,
                                   std::string_view marker) {
  ForeignTensors tensors(layout_with(marker), DType::f32);
  for (const auto& spec : list_tensors(small_siglip()))
    tensors.add(spec.name, random_weights(spec));
  tensors.add("logit_scale", 2.5F);
  tensors.add("logit_bias", -10.0F);
  write_safetensors(path, tensors.list());
  return path;
}

/// A folder as transformers writes it, with SigLIP 2's vocabulary.
struct SmallSiglip {
  SmallSiglip() {
    write_small_siglip(folder / "model.safetensors", huggingface_siglip);
    std::ofstream(folder / "config.json")
        << R"({"model_type": "siglip", "vision_config": {}, "text_config": {}})";
    write_bytes(folder / "tokenizer.model", siglip2_vocabulary());
  }
  TemporaryFolder folder;
};

}  // namespace igrot::test

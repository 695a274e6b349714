#include "train/model_start.h"

#include <algorithm>

#include "base/fail.h"
#include "igrot/tokenizer.h"
#include "models/derive.h"
#include "models/token_batch.h"
#include "models/write_model.h"
#include "train/fresh_weights.h"

namespace igrot {
namespace {

/// T5 heads of a new UNION head, by d (method.md 5).
constexpr std::size_t usual_union_heads = 8;
constexpr std::size_t large_width = 768;  // clip_large
constexpr std::size_t large_union_heads = 12;

StackConfig new_stack(std::size_t width, std::size_t layers, bool is_vision) {
  const auto heads =
      usual_heads(width, is_vision, is_vision ? "image" : "text");
  return {
      .width = width, .layers = layers, .heads = heads, .mlp_width = 4 * width};
}

TowersConfig new_clip(const NewModelConfig& c) {
  return {.family = Family::clip,
          .width = c.width,
          .patch = c.patch,
          .grid = c.side / c.patch,
          .vision = new_stack(c.image_width, c.image_layers, true),
          .context = c.context,
          .text_positions = c.context,
          .vocabulary = Tokenizer::clip().vocabulary_size(),
          .text = new_stack(c.text_width, c.text_layers, false)};
}

TransAggConfig new_transagg(std::size_t d, std::size_t layers) {
  constexpr std::size_t heads = 8;
  if (d % heads != 0)
    fail(ErrorKind::usage,
         "the fusion needs a width of a multiple of {}, not "
         "{}",
         heads, d);
  TransAggConfig c;
  c.fusion = {.width = d,
              .layers = layers,
              .heads = heads,
              .mlp_width = 2048,
              .activation = Activation::gelu};
  c.hidden_width = 8 * d;
  return c;
}

UnionConfig new_union(std::size_t d) {
  UnionConfig c;
  c.width = d;
  c.layers = 4;
  c.heads = d == large_width ? large_union_heads : usual_union_heads;
  c.head_width = 64;
  c.mlp_width = 2048;
  c.buckets = 32;
  c.hidden1_width = 4 * d;
  c.hidden2_width = d;
  return c;
}

/// The heads a mode trains: those missing are added, those of no use dropped.
void choose_heads(ModelConfig& model, const TrainConfig& config) {
  if (config.train.mode == TrainMode::clip) {
    model.transagg.reset();
    model.union_head.reset();
    return;
  }
  const auto d = model.towers.width;
  if (!model.transagg)
    model.transagg = new_transagg(d, config.model.fusion_layers);
  if (!model.union_head) model.union_head = new_union(d);
}

/// BERT and the T5 stack keep their libraries' rate whatever the option says,
/// except that 0 switches off every dropout (method.md 7).
void set_dropout(ModelConfig& model, float probability) {
  constexpr float t5_dropout = 0.1F;
  constexpr float bert_dropout = 0.1F;
  if (model.towers.family == Family::blip)
    model.towers.text.dropout = probability > 0 ? bert_dropout : 0;
  if (model.transagg) model.transagg->fusion.dropout = probability;
  if (model.union_head) {
    model.union_head->dropout = probability > 0 ? t5_dropout : 0;
    model.union_head->head_dropout = probability / 2;
  }
}

void draw_missing(StartedModel& model, std::uint64_t seed) {
  for (const auto& spec : list_tensors(model.config)) {
    if (model.tensors.contains(spec.name)) continue;
    model.tensors.emplace(spec.name, fresh_tensor(spec, model.config, seed));
    ++model.drawn;
  }
}

std::optional<std::string> wanted_activation(const std::string& name) {
  return name.empty() ? std::nullopt : std::optional(name);
}

void load_start(StartedModel& model, const TrainConfig& config,
                const Runtime& runtime) {
  const auto files = open_model_files(config.model.init);
  at(config.model.init.string(), [&] {
    const TensorSource source(files.parts);
    model.config = derive_config(source, files.hints);
    if (model.config.towers.family == Family::siglip)
      fail(ErrorKind::unsupported, "SigLIP is searched with, not trained");
    set_activation(model.config,
                   choose_activation(wanted_activation(config.model.activation),
                                     files, source, runtime));
    choose_heads(model.config, config);
    for (const auto& spec : list_tensors(model.config))
      if (source.has(spec.name))
        model.tensors.emplace(spec.name, source.read(spec));
    if (const auto scale = read_logit_scale(source)) model.logit_scale = *scale;
    model.carried = carried_tensors(source, model.config);
  });
}

}  // namespace

StartedModel start_model(const TrainConfig& config, const Runtime& runtime) {
  StartedModel model;
  model.logit_scale = fresh_logit_scale();
  if (config.model.fresh) {
    const auto& fresh = *config.model.fresh;
    model.config.towers = new_clip(fresh);
    const auto activation = find_choice(activations, fresh.activation);
    if (!activation)
      fail(ErrorKind::usage,
           "model.new.activation is '{}', expected quick_gelu or gelu",
           fresh.activation);
    set_activation(model.config, *activation);
    choose_heads(model.config, config);
  } else {
    load_start(model, config, runtime);
  }
  set_dropout(model.config, static_cast<float>(config.train.dropout));
  draw_missing(model, config.train.seed);
  return model;
}

void silence_absent_tokens(StartedModel& model,
                           std::span<const std::string> texts) {
  auto& table = model.tensors.at("token_embedding.weight");
  const auto width = table.shape()[1];
  std::vector<bool> present(table.shape()[0]);
  const auto tokens =
      encode_texts(Tokenizer::clip(), texts, model.config.towers.context);
  for (const auto id : tokens.ids) present[static_cast<std::size_t>(id)] = true;
  for (std::size_t id = 0; id < present.size(); ++id)
    if (!present[id]) std::fill_n(table.data() + id * width, width, 0.0F);
}

bool is_image_tower(std::string_view name) {
  return name.starts_with("visual.") || name.starts_with("visual_encoder.") ||
         name.starts_with("vision_proj.");
}

bool is_backbone(std::string_view name) {
  for (const std::string_view head :
       {"fusion.", "combiner_layer.", "weighted_layer.", "output_layer.",
        "sep_token", "union_weighted_layer.", "t5_layers."})
    if (name.starts_with(head)) return false;
  return true;
}

}  // namespace igrot

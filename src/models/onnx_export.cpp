#include "models/onnx_export.h"

#include "base/fail.h"
#include "models/derive.h"
#include "models/weights.h"
#include "ops/onnx/onnx_ops.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;
using Weights = ModelWeights<OnnxOps>;
using Value = OnnxOps::Tensor;

/// Where the texts of the trace end: no row that is read for another reason.
constexpr std::size_t end_position = 1;

/// The texts a graph is traced with.
class TracedTexts {
 public:
  TracedTexts(OnnxGraph& graph, const TowersConfig& c) : graph_(graph) {
    batch_.count = OnnxOps::batch;
    batch_.length = c.context;
    batch_.ids.assign(batch_.count * batch_.length, 1);
    if (c.family != Family::clip) {
      batch_.global =
          c.family == Family::blip ? GlobalRow::first : GlobalRow::last;
      return;
    }
    for (std::size_t i = 0; i < batch_.count; ++i)
      batch_.ids[i * batch_.length + end_position] = 2;
  }

  const TokenBatch& batch() const { return batch_; }

  /// Declares input_ids.
  OnnxTexts ids() {
    graph_.input("input_ids", OnnxType::int64, {batch_.length});
    OnnxTexts texts{.ids = batch_.ids,
                    .ids_input = "input_ids",
                    .end_position = end_position,
                    .end_value = {}};
    if (batch_.global != GlobalRow::end) return texts;
    // ONNX Runtime looks for the highest of float32, not of int64.
    const auto ids = as_float("input_ids");
    texts.end_value = graph_.node("ArgMax", {ids}, {{"axis", std::int64_t{1}}});
    return texts;
  }

  /// Declares attention_mask.
  void mask() {
    graph_.input("attention_mask", OnnxType::int64, {batch_.length});
  }

  /// [batch, context]: `bias` where the mask is 0.
  std::string mask_bias(float bias) {
    return padding(graph_.node("Equal", {"attention_mask", zero()}), bias);
  }
  /// The same where the id is 0.
  std::string ids_bias(float bias) {
    return padding(graph_.node("Equal", {"input_ids", zero()}), bias);
  }

 private:
  std::string zero() {
    const std::array number{std::int64_t{0}};
    return graph_.integers(number);
  }

  std::string padding(const std::string& is_padding, float bias) {
    return graph_.node("Mul", {as_float(is_padding), graph_.scalar(bias)});
  }

  std::string as_float(const std::string& value) {
    constexpr std::int64_t float32 = 1;  // TensorProto.DataType
    return graph_.node("Cast", {value}, {{"to", float32}});
  }

  OnnxGraph& graph_;
  TokenBatch batch_;
};

struct Source {
  const ModelConfig& config;
  const Weights& weights;
  const TowersConfig& towers() const { return config.towers; }
};

/// Row 0 of [batch, rows, d].
Value first_of(const OnnxOps& ops, const Value& local) {
  return ops.gather(local, first_rows(OnnxOps::batch, local.shape()[1]));
}

void trace_image(OnnxGraph& graph, const Source& model) {
  const auto& c = model.towers();
  const OnnxOps ops(graph);
  const auto pixels = ops.input("pixel_values", {3, c.side(), c.side()});
  const auto local = image_local(ops, model.weights.towers, c, pixels);
  const auto* siglip =
      std::get_if<SiglipWeights<OnnxOps>>(&model.weights.towers.family);
  const auto global =
      siglip ? pool_patches(ops, siglip->vision.pool, c.vision, local)
             : first_of(ops, local);
  graph.output("image_local", local.name(), {c.image_rows(), c.width});
  graph.output("image_global", global.name(), {c.width});
}

Value trace_text_rows(const OnnxOps& ops, TracedTexts& texts,
                      const Source& model) {
  const auto& c = model.towers();
  const auto* blip =
      std::get_if<BlipWeights<OnnxOps>>(&model.weights.towers.family);
  if (!blip) return text_local(ops, model.weights.towers, c, texts.batch());
  texts.mask();
  const Value bias(texts.mask_bias(bert_padding), {OnnxOps::batch, c.context});
  const auto x = run_bert_blocks(ops, blip->text, c.text,
                                 text_tokens(ops, blip->text, c, texts.batch()),
                                 c.text.layers, bias);
  return ops.linear(x, blip->text.projection, Activation::none);
}

void trace_text(OnnxGraph& graph, const Source& model) {
  const auto& c = model.towers();
  TracedTexts texts(graph, c);
  const OnnxOps ops(graph, texts.ids());
  const auto local = trace_text_rows(ops, texts, model);
  graph.output("text_local", local.name(), {c.context, c.width});
  graph.output("text_global",
               ops.gather(local, global_rows(texts.batch())).name(), {c.width});
}

/// [batch, context + 1 + image rows]: nothing is added to what is no text.
Value fusion_bias(OnnxGraph& graph, const std::string& texts,
                  const TowersConfig& c) {
  const std::array around{std::int64_t{0}, std::int64_t{0}, std::int64_t{0},
                          static_cast<std::int64_t>(1 + c.image_rows())};
  return {graph.node("Pad", {texts, graph.integers(around)}),
          {OnnxOps::batch, c.context + 1 + c.image_rows()}};
}

void trace_fusion(OnnxGraph& graph, const Source& model) {
  const auto& c = model.towers();
  const auto& head = *model.config.transagg;
  const auto& w = model.weights.transagg;
  TracedTexts texts(graph, c);
  const bool is_blip = c.family == Family::blip;
  if (is_blip) texts.mask();
  const OnnxOps ops(graph, is_blip ? OnnxTexts{} : texts.ids());
  const FusionInput<OnnxOps> in{
      .text_local = ops.input("text_local", {c.context, c.width}),
      .image_local = ops.input("image_local", {c.image_rows(), c.width}),
      .tokens = &texts.batch()};
  const auto bias = fusion_bias(
      graph,
      is_blip ? texts.mask_bias(masked_logit) : texts.ids_bias(masked_logit),
      c);
  const auto rows =
      run_blocks(ops, w.fusion, head.fusion, fusion_sequence(ops, w, in),
                 head.fusion.layers, Visibility::all, &bias);
  const auto pairs =
      ops.reshape(ops.gather(rows, fusion_rows(texts.batch(), c.image_rows())),
                  {OnnxOps::batch, 2 * c.width});
  const auto out = combine_pairs(ops, w, head, in, pairs);
  graph.output("query", out.query.name(), {c.width});
  graph.output("fused", out.fused.name(), {c.width});
  graph.output("weights", out.weights.name(), {3});
}

void trace_target(OnnxGraph& graph, const Source& model) {
  const auto d = model.towers().width;
  const OnnxOps ops(graph);
  const auto image = ops.input("image_global", {d});
  const auto text = ops.input("text_global", {d});
  const auto target = union_vectors(ops, model.weights.union_head,
                                    *model.config.union_head, image, text);
  graph.output("target", target.name(), {d});
}

/// One row a graph.
struct Part {
  std::string_view name;
  bool (*is_there)(const ModelConfig&);
  void (*trace)(OnnxGraph&, const Source&);
};

constexpr std::array parts{
    Part{"image", [](const ModelConfig&) { return true; }, trace_image},
    Part{"text", [](const ModelConfig&) { return true; }, trace_text},
    Part{"fusion", [](const ModelConfig& c) { return c.transagg.has_value(); },
         trace_fusion},
    Part{"target",
         [](const ModelConfig& c) { return c.union_head.has_value(); },
         trace_target}};

}  // namespace

bool has_onnx() {
  return true;
}

std::vector<fs::path> export_onnx(const fs::path& in, const fs::path& folder,
                                  const std::optional<std::string>& activation,
                                  const Runtime& runtime) {
  const auto files = open_model_files(in);
  return at(in.string(), [&] {
    const TensorSource source(files.parts);
    auto config = derive_config(source, files.hints);
    set_activation(config,
                   choose_activation(activation, files, source, runtime));
    const auto weights = load_weights(OnnxOps(), source, config);
    fs::create_directories(folder);
    std::vector<fs::path> written;
    for (const auto& part : parts) {
      if (!part.is_there(config)) continue;
      OnnxGraph graph(part.name);
      part.trace(graph, {config, weights});
      written.push_back(folder / (std::string(part.name) + ".onnx"));
      graph.write(written.back());
    }
    return written;
  });
}

}  // namespace igrot

// A loaded model: pictures and words in, vectors out.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "igrot/image.h"
#include "igrot/runtime.h"
#include "igrot/settings.h"
#include "igrot/tensor.h"

namespace igrot {

struct LoadOptions {
  Engine engine = Engine::dnnl;
  Precision precision = Precision::f32;

  /// GELU of the towers, "quick_gelu", "gelu" or "gelu_pytorch_tanh", for files
  /// that cannot say. Unset: a config beside the file decides, else QuickGELU
  /// with a warning, for a SigLIP its own.
  std::optional<std::string> activation;

  /// Pixels of a picture, one way, where not those the model was trained for.
  /// BLIP interpolates its positions for any multiple of its patches.
  std::optional<std::size_t> side;

  Runtime runtime;
};

/// What was found in a model's files.
struct ModelInfo {
  std::filesystem::path path;
  std::string container;  ///< "torch-zip", "safetensors", ...
  /// "openai", "huggingface", "open_clip", "blip", "transagg", "union"
  std::string layout;
  std::string config;      ///< hyper-parameters, a JSON object
  std::string activation;  ///< "quick_gelu", "gelu" or "gelu_pytorch_tanh"
};

/// One picture of a question: normalised pixels [3, side, side].
struct QueryPicture {
  Tensor pixels;
  float weight = 1;
};

/// A question in parts. At least one picture or a text.
struct Query {
  std::vector<QueryPicture> pictures;
  std::optional<std::string> text;
  std::vector<Tensor> negative_pictures;  ///< [3, side, side] each
  std::vector<std::string> negative_texts;

  /// Unset: `transagg` where the model has it and there is one picture, else
  /// `sum`; `text` or `image` when only one of them is given (a TransAgg model
  /// takes a picture alone together with the empty text). What a fusion does
  /// not read is left alone; what it lacks is an Error.
  std::optional<Fusion> fusion;
  float picture_weight = 0.5F;   ///< the picture's share, of Fusion::weighted
  float negative_weight = 0.5F;  ///< w in normalize(q - w v)
  Mask mask = Mask::automatic;
};

/// Results of the TransAgg fusion for pairs of picture and text.
struct FusedPairs {
  Tensor query;    ///< [B, d] unit rows
  Tensor fused;    ///< [B, d]: f of method.md 4
  Tensor weights;  ///< [B, 3]: a (text), b (fused), c (picture)
  /// [B, d] unit rows: U(picture, text), as `union_vectors` but of features
  /// that the fusion needs anyhow. Empty without that head.
  Tensor united;
};

/// A model ready to run. Cheap to copy; safe from many threads.
///
/// pixels are [B, 3, side, side], prepared by `preprocess()`; B may be 0, and
/// any size is computed in batches of bounded memory. d is `width()`. Every
/// function throws Error: usage (other shapes, a part the model lacks).
class Retriever {
 public:
  /// Loads a CLIP, BLIP, SigLIP, TransAgg or UNION checkpoint or a model
  /// folder; what it is is found from its content (docs/models.md). The files
  /// stay mapped and must not change while the model lives. Throws Error:
  /// not_found, corrupt, unsupported (a layout, vocabulary or precision igrot
  /// lacks), usage (an activation of another name), io.
  static Retriever load(const std::filesystem::path& path,
                        const LoadOptions& options = {});

  std::size_t width() const;       ///< d, the length of every vector
  std::size_t side() const;        ///< pixels of a prepared picture, one way
  std::size_t local_rows() const;  ///< 1 + P; of SigLIP P, the patches alone
  std::size_t context() const;     ///< text positions
  /// Whether `LoadOptions::side` may be that.
  bool takes_side(std::size_t side) const;

  bool has_fusion() const;  ///< the TransAgg layers are there
  bool has_union_head() const;
  const ModelInfo& info() const;
  Precision precision() const;  ///< f32 or bf16, as resolved

  /// SHA-256 over names, shapes and values of the weights in use and over the
  /// activation; the same for one model in another container. Computed on first
  /// call, from the files: about a second for each gigabyte of float32.
  const std::string& fingerprint() const;

  /// The recipe of the goldens: side of the model, targetpad 1.25, as opened;
  /// pixels normalised as the family's are.
  Preprocess preprocess() const;

  Tensor image(const Tensor& pixels) const;  ///< [B, d], raw
  /// [B, local_rows, d], raw
  Tensor image_local(const Tensor& pixels) const;
  /// Words need SigLIP's vocabulary beside its weights, here and below. Throws
  /// Error: not_found (it is not there), and as Tokenizer::siglip.
  Tensor text(const std::vector<std::string>& texts) const;  ///< [B, d], raw
  /// [B, context, d], raw
  Tensor text_local(const std::vector<std::string>& texts) const;

  /// Target vectors [B, d] (method.md 5), not normalised where the convention
  /// leaves them so.
  Tensor targets(const Tensor& pixels, Target target,
                 SumConvention convention = SumConvention::eval) const;

  /// U(picture, text) of method.md 5, [B, d] unit rows.
  Tensor union_vectors(const Tensor& pixels,
                       const std::vector<std::string>& texts) const;

  /// The TransAgg fusion (method.md 4).
  FusedPairs fuse(const Tensor& pixels, const std::vector<std::string>& texts,
                  Mask mask = Mask::automatic) const;

  /// The unit vector [1, d] of a question.
  Tensor query(const Query& query) const;

 private:
  struct Impl;
  explicit Retriever(std::shared_ptr<const Impl> impl);
  std::shared_ptr<const Impl> impl_;
};

/// Divides each row by its length (at least 1e-12).
void normalize_rows(Tensor& rows);

}  // namespace igrot

#include "models/retriever_impl.h"

#include "models/batches.h"
#include "models/derive.h"
#include "models/describe.h"
#include "models/find_tokenizer.h"

namespace igrot {
namespace {

void warn_of_unused(const TensorSource& source, const ModelConfig& config,
                    const std::filesystem::path& path, const Runtime& runtime) {
  if (!runtime.warn) return;
  const auto names = source.unused(list_tensors(config));
  if (!names.empty())
    runtime.warn(fmt::format("{}: tensors without a place in the model: {}",
                             path.string(), some_of(names)));
}

}  // namespace

Retriever::Impl::Impl(ModelFiles model_files, const LoadOptions& options)
    : files(std::move(model_files)),
      source(files.parts),
      config(derive_config(source, files.hints, options.side)),
      threads(options.runtime.thread_count()) {
  set_activation(config, choose_activation(options.activation, files, source,
                                           options.runtime));
  warn_of_unused(source, config, files.path, options.runtime);
  info = {.path = files.path,
          .container = std::string(describe(files.parts.front().container())),
          .layout = layout_name(source, files.hints),
          .config = describe_config(config),
          .activation = std::string(
              name_of(activations, config.towers.vision.activation))};
  encoder = make_encoder(source, config,
                         {.engine = options.engine,
                          .precision = options.precision,
                          .threads = threads,
                          .empty_text = [this] {
                            const std::string empty;
                            return tokenize(&empty, 1);
                          }});
}

void Retriever::Impl::check_pixels(const Tensor& pixels) const {
  const auto side = config.towers.side();
  const auto& shape = pixels.shape();
  if (shape.size() != 4 || shape[1] != 3 || shape[2] != side ||
      shape[3] != side)
    fail(ErrorKind::usage,
         "pixels have shape {}, the model takes [B, 3, {}, {}]",
         describe(shape), side, side);
}

void Retriever::Impl::check_pairs(const Tensor& pixels,
                                  const std::vector<std::string>& texts) const {
  check_pixels(pixels);
  if (pixels.shape()[0] != texts.size())
    fail(ErrorKind::usage, "{} pictures and {} texts do not make pairs",
         pixels.shape()[0], texts.size());
}

void Retriever::Impl::need_fusion() const {
  if (!config.transagg)
    fail(ErrorKind::usage, "{}: this model has no TransAgg fusion",
         info.path.string());
}

void Retriever::Impl::need_union_head() const {
  if (!config.union_head)
    fail(ErrorKind::usage, "{}: this model has no UNION head",
         info.path.string());
}

const Tokenizer& Retriever::Impl::tokenizer() const {
  std::call_once(tokenizer_once, [&] {
    found_tokenizer = find_tokenizer(files, config.towers.family);
  });
  return *found_tokenizer;
}

TokenBatch Retriever::Impl::tokenize(const std::string* texts,
                                     std::size_t count) const {
  auto batch = encode_texts(tokenizer(), {texts, count}, config.towers.context);
  for (const auto id : batch.ids)
    if (static_cast<std::size_t>(id) >= config.towers.vocabulary)
      fail(ErrorKind::corrupt,
           "{}: the vocabulary gives the token {}, the model knows {}",
           files.folder.string(), id, config.towers.vocabulary);
  return batch;
}

Tensor Retriever::Impl::image(const Tensor& pixels) const {
  check_pixels(pixels);
  return in_parts(
      pixels.shape()[0], pictures_at_once(), {config.towers.width},
      [&](auto i, auto n) { return encoder->image(slice(pixels, i, n)); });
}

Tensor Retriever::Impl::text(const std::vector<std::string>& texts) const {
  return in_parts(
      texts.size(), texts_at_once(), {config.towers.width},
      [&](auto i, auto n) { return encoder->text(tokenize(&texts[i], n)); });
}

/// One batch of single pictures [3, side, side].
Tensor Retriever::Impl::stacked(
    const std::vector<const Tensor*>& pictures) const {
  const auto side = config.towers.side();
  const Shape one{3, side, side};
  Tensor batch({pictures.size(), 3, side, side});
  float* target = batch.data();
  for (const auto* picture : pictures) {
    if (picture->shape() != one)
      fail(ErrorKind::usage, "a picture has shape {}, the model takes {}",
           describe(picture->shape()), describe(one));
    target = std::ranges::copy(picture->values(), target).out;
  }
  return batch;
}

}  // namespace igrot

#include "embed_inputs.h"

#include <algorithm>
#include <cstring>

#include "base/fail.h"
#include "lines.h"

namespace igrot::app {
namespace {

void refuse(const std::string& given, std::string_view option) {
  if (!given.empty())
    fail(ErrorKind::usage, "{} is not for this --what", option);
}

void read_pictures(const InputFiles& files, Inputs& inputs) {
  if (files.images.empty() == files.pixels.empty())
    fail(ErrorKind::usage, "give either --images or --pixels");
  if (!files.pixels.empty())
    inputs.pixels = read_npy(std::filesystem::path(files.pixels));
  else
    inputs.images = read_list(files.images);
  inputs.count = inputs.pixels && !inputs.pixels->shape().empty()
                     ? inputs.pixels->shape()[0]
                     : inputs.images.size();
}

void read_texts(const InputFiles& files, Needs needs, Inputs& inputs) {
  if (files.texts.empty()) fail(ErrorKind::usage, "--texts is missing");
  inputs.texts = read_list(files.texts);
  if (needs.pictures && inputs.texts.size() != inputs.count)
    fail(ErrorKind::usage, "{} pictures and {} texts cannot be paired",
         inputs.count, inputs.texts.size());
  inputs.count = inputs.texts.size();
}

// --pixels stands for the pictures of the pairs.
void read_paired(const InputFiles& files, Inputs& inputs) {
  refuse(files.images, "--images beside --pairs");
  refuse(files.texts, "--texts beside --pairs");
  for (auto& pair : read_pairs(files.pairs)) {
    inputs.images.push_back(std::move(pair.image));
    inputs.texts.push_back(std::move(pair.text));
  }
  inputs.count = inputs.texts.size();
  if (files.pixels.empty()) return;
  inputs.pixels = read_npy(std::filesystem::path(files.pixels));
  inputs.images.clear();
  if (inputs.pixels->shape().empty() ||
      inputs.pixels->shape()[0] != inputs.count)
    fail(ErrorKind::usage, "{} pairs need as many rows in {}", inputs.count,
         files.pixels);
}

}  // namespace

Inputs read_inputs(const InputFiles& files, Needs needs) {
  Inputs inputs;
  const bool paired = needs.pictures && needs.texts;
  if (!paired) refuse(files.pairs, "--pairs");
  if (paired && !files.pairs.empty()) {
    read_paired(files, inputs);
    return inputs;
  }
  if (needs.pictures) {
    read_pictures(files, inputs);
  } else {
    refuse(files.images, "--images");
    refuse(files.pixels, "--pixels");
  }
  if (needs.texts)
    read_texts(files, needs, inputs);
  else
    refuse(files.texts, "--texts");
  return inputs;
}

PixelBatches::PixelBatches(const Inputs& inputs, const OpenOptions& open,
                           const Preprocess& preprocess, std::size_t threads,
                           std::size_t batch)
    : inputs_(inputs), open_(open), preprocess_(preprocess) {
  if (!inputs.pixels) {
    ahead_ = std::make_unique<Ahead<Tensor>>(
        inputs.images.size(), threads, batch + threads,
        [this](std::size_t i) { return prepare_file(i); });
    return;
  }
  const auto side = preprocess.side;
  const auto& shape = inputs.pixels->shape();
  if (shape != Shape{inputs.count, 3, side, side} ||
      inputs.pixels->dtype() != DType::f32)
    fail(ErrorKind::usage, "--pixels has to be float32 [n, 3, {0}, {0}]", side);
  pixels_ = inputs.pixels->bytes();
}

Tensor PixelBatches::prepare_file(std::size_t i) const {
  const auto& file = inputs_.images[i];
  const auto image = Image::open(file, open_);
  return at(file, [&] { return prepare(image, preprocess_); });
}

Tensor PixelBatches::slice(std::size_t count) {
  const auto side = preprocess_.side;
  Tensor batch({count, 3, side, side});
  const auto size = batch.size() * sizeof(float);
  const auto row = size / std::max<std::size_t>(count, 1);
  std::memcpy(batch.data(), pixels_->get().subspan(done_ * row, size).data(),
              size);
  return batch;
}

Tensor PixelBatches::next(std::size_t count) {
  if (pixels_) {
    auto batch = slice(count);
    done_ += count;
    return batch;
  }
  const auto side = preprocess_.side;
  Tensor batch({count, 3, side, side});
  for (std::size_t i = 0; i < count; ++i, ++done_) {
    const auto picture = *ahead_->next();
    std::ranges::copy(picture.values(), batch.data() + i * picture.size());
  }
  return batch;
}

}  // namespace igrot::app

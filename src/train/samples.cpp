#include "train/samples.h"

#include "base/ahead.h"
#include "base/fail.h"
#include "base/random.h"
#include "train/purposes.h"

namespace igrot {
namespace {

Samples from(TripletSet set) {
  Samples samples{std::move(set.name), set.recipe, {}};
  for (auto& t : set.triplets)
    samples.list.push_back(
        {std::move(t.reference), std::move(t.text), std::move(t.target)});
  return samples;
}

Samples from(CaptionSet set) {
  Samples samples{std::move(set.name), set.recipe, {}};
  for (auto& s : set.samples)
    samples.list.push_back(
        {std::move(s.image), std::move(s.text), std::move(s.other)});
  return samples;
}

Samples read(const TrainConfig& config) {
  const auto& data = config.data;
  if (config.train.mode == TrainMode::clip)
    return from(read_captions(data.pairs, data.root));
  if (!data.triplets.empty())
    return from(read_triplets(data.triplets, data.root));
  return from(read_training_set(data.name, data.root, data.llava));
}

LoadedSample load(const Samples& samples, const PictureReading& reading,
                  std::size_t epoch, std::size_t index) {
  const auto& sample = samples.list[index];
  LoadedSample loaded{
      .sample = index, .picture = {}, .second = {}, .problem = {}};
  try {
    loaded.picture = reading.view(sample.picture, epoch, index, 0);
    if (sample.second)
      loaded.second = reading.view(*sample.second, epoch, index, 1);
  } catch (const Error& error) {
    loaded.problem = error.what();
  }
  return loaded;
}

}  // namespace

Samples read_samples(const TrainConfig& config) {
  auto samples = read(config);
  const auto& data = config.data;
  if (data.limit > 0 && samples.list.size() > data.limit)
    samples.list.resize(data.limit);
  if (data.row_normalize) samples.recipe.row_normalize = *data.row_normalize;
  if (data.convert_first)
    samples.recipe.convert =
        *data.convert_first ? Convert::first : Convert::as_opened;
  return samples;
}

Image PictureReading::square(const std::filesystem::path& file) const {
  const auto opened = Image::open(file);
  return at(file.string(),
            [&] { return square_picture(opened, preprocess, recipe); });
}

Image PictureReading::view(const std::filesystem::path& file, std::size_t epoch,
                           std::size_t sample, std::size_t slot) const {
  auto whole = square(file);
  if (!augment.any()) return whole;
  Random random(seed, view_purpose, epoch, 2 * sample + slot);
  return apply_view(whole, draw_view(augment, random));
}

PictureReading picture_reading(const TrainConfig& config,
                               const Samples& samples, std::size_t side) {
  PictureReading reading{.preprocess = {},
                         .recipe = samples.recipe,
                         .augment = config.augment,
                         .seed = config.train.seed};
  reading.preprocess.side = side;
  reading.preprocess.pad = config.data.pad;
  reading.preprocess.ratio = config.data.ratio;
  return reading;
}

struct SampleLoader::Impl : Ahead<LoadedSample> {
  using Ahead::Ahead;
};

SampleLoader::SampleLoader(const Samples& samples,
                           const PictureReading& reading,
                           std::span<const std::size_t> order,
                           const Options& options)
    : impl_(std::make_unique<Impl>(
          order.size(), options.threads, options.window,
          [&samples, &reading, order, epoch = options.epoch](std::size_t i) {
            return load(samples, reading, epoch, order[i]);
          })) {}

SampleLoader::~SampleLoader() = default;

std::optional<LoadedSample> SampleLoader::next() {
  return impl_->next();
}

}  // namespace igrot

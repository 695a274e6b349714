#include "train/feature_cache.h"

#include <c10/core/GradMode.h>

#include "base/ahead.h"
#include "base/fail.h"
#include "formats/npy.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

/// Different values, and for each item which of them it has.
template <class Value>
struct Distinct {
  std::vector<Value> values;
  std::vector<std::size_t> rows;

  template <class Items, class Get>
  Distinct(const Items& items, Get&& get) {
    std::map<Value, std::size_t> known;
    for (const auto& item : items) {
      const auto [entry, is_new] = known.emplace(get(item), values.size());
      if (is_new) values.push_back(entry->first);
      rows.push_back(entry->second);
    }
  }
};

/// A square, or the reason why there is none.
struct Read {
  std::optional<Image> square;
  std::string problem;
};

Read read_square(const PictureReading& reading, const fs::path& file) {
  try {
    return {reading.square(file), {}};
  } catch (const Error& error) {
    return {std::nullopt, error.what()};
  }
}

/// Encodes all files in batches of one size (black squares fill the places of
/// unreadable ones and of the end); returns the problem of each file.
template <class Encode>
std::vector<std::string> encode_files(const std::vector<fs::path>& files,
                                      const FeatureCache::Source& source,
                                      const TrainHooks& hooks,
                                      std::string_view doing, bool& interrupted,
                                      FeatureFile& out, Encode&& encode) {
  const auto batch = source.batch_size;
  const auto side = source.config.towers.side();
  Ahead<Read> ahead(
      files.size(), hooks.runtime.thread_count(), 2 * batch,
      [&](std::size_t i) { return read_square(source.reading, files[i]); });
  std::vector<std::string> problems;
  const TorchOps ops(source.torch);
  for (std::size_t first = 0; first < files.size() && !interrupted;
       first += batch) {
    const auto count = std::min(batch, files.size() - first);
    Tensor pixels({batch, 3, side, side});
    for (std::size_t i = 0; i < count; ++i) {
      auto read = *ahead.next();
      if (read.square)
        std::ranges::copy(source.reading.pixels(*read.square).values(),
                          pixels.data() + i * 3 * side * side);
      problems.push_back(std::move(read.problem));
    }
    out.append(encode(ops, ops.upload(pixels))
                   .value()
                   .narrow(0, 0, static_cast<std::int64_t>(count)));
    if (hooks.stage && !hooks.stage(doing, first + count, files.size()))
      interrupted = true;
  }
  out.finish();
  return problems;
}

std::vector<std::size_t> rows_of(const std::vector<std::size_t>& rows,
                                 std::span<const std::size_t> samples) {
  std::vector<std::size_t> picked;
  for (const auto sample : samples) picked.push_back(rows[sample]);
  return picked;
}

}  // namespace

FeatureFile::FeatureFile(const fs::path& path, const Shape& row)
    : path_(path),
      row_(row),
      writer_(std::make_shared<NpyWriter>(path, DType::f32, row)) {}

void FeatureFile::append(const at::Tensor& rows) {
  const auto host = rows.detach().to(at::kCPU).contiguous();
  writer_->append(std::span<const float>(
      host.data_ptr<float>(), static_cast<std::size_t>(host.numel())));
}

void FeatureFile::finish() {
  writer_->commit();
  writer_.reset();
  bytes_ = read_npy(path_).bytes();
}

at::Tensor FeatureFile::rows(std::span<const std::size_t> numbers) const {
  std::vector<std::int64_t> sizes{static_cast<std::int64_t>(numbers.size())};
  sizes.insert(sizes.end(), row_.begin(), row_.end());
  at::Tensor out = at::empty(sizes, at::kFloat);
  const auto row_bytes = element_count(row_) * sizeof(float);
  auto* to = reinterpret_cast<std::byte*>(out.data_ptr<float>());
  for (const auto number : numbers)
    to = std::ranges::copy(bytes_->get().subspan(number * row_bytes, row_bytes),
                           to)
             .out;
  return out;
}

FeatureCache::FeatureCache(const Source& source, const fs::path& folder,
                           const TrainHooks& hooks) {
  const c10::NoGradGuard no_gradients;
  const auto& towers = source.config.towers;
  fs::create_directories(folder);
  references_ = FeatureFile(folder / "reference_features.npy",
                            {towers.image_rows(), towers.width});
  targets_ = FeatureFile(folder / "target_features.npy", {towers.width});
  problems_.resize(source.samples.list.size());
  encode_references(source, hooks);
  encode_targets(source, hooks);
  has_texts_ = source.texts;
  if (!has_texts_) return;
  texts_ =
      FeatureFile(folder / "text_features.npy", {towers.context, towers.width});
  encode_texts(source, hooks);
}

void FeatureCache::encode_references(const Source& source,
                                     const TrainHooks& hooks) {
  const Distinct<fs::path> files(source.samples.list,
                                 [](const auto& s) { return s.picture; });
  const auto& w = source.parameters.weights.towers;
  const auto problems = encode_files(
      files.values, source, hooks, "encoding references", interrupted_,
      references_, [&](const TorchOps& ops, const TorchTensor& pixels) {
        return image_local(ops, w, source.config.towers, pixels);
      });
  reference_rows_ = files.rows;
  if (interrupted_) return;
  for (std::size_t i = 0; i < problems_.size(); ++i)
    problems_[i] = problems[files.rows[i]];
}

void FeatureCache::encode_targets(const Source& source,
                                  const TrainHooks& hooks) {
  if (interrupted_) return;
  const Distinct<fs::path> files(source.samples.list,
                                 [](const auto& s) { return *s.second; });
  const auto& w = source.parameters.weights.towers;
  const auto problems = encode_files(
      files.values, source, hooks, "encoding targets", interrupted_, targets_,
      [&](const TorchOps& ops, const TorchTensor& pixels) {
        return image_global(ops, w, source.config.towers, pixels);
      });
  target_rows_ = files.rows;
  if (interrupted_) return;
  for (std::size_t i = 0; i < problems_.size(); ++i)
    if (problems_[i].empty()) problems_[i] = problems[files.rows[i]];
}

void FeatureCache::encode_texts(const Source& source, const TrainHooks& hooks) {
  if (interrupted_) return;
  const Distinct<std::string> texts(source.samples.list,
                                    [](const auto& s) { return s.text; });
  const auto& w = source.parameters.weights.towers;
  const TorchOps ops(source.torch);
  const auto total = texts.values.size();
  for (std::size_t first = 0; first < total && !interrupted_;
       first += source.batch_size) {
    const auto count = std::min(source.batch_size, total - first);
    std::vector<std::string> batch(source.batch_size);
    std::copy_n(texts.values.begin() + static_cast<std::ptrdiff_t>(first),
                count, batch.begin());
    const auto local =
        text_local(ops, w, source.config.towers, source.tokenize(batch));
    texts_.append(local.value().narrow(0, 0, static_cast<std::int64_t>(count)));
    if (hooks.stage && !hooks.stage("encoding texts", first + count, total))
      interrupted_ = true;
  }
  texts_.finish();
  text_rows_ = texts.rows;
}

const std::string& FeatureCache::problem(std::size_t sample) const {
  return problems_[sample];
}

CachedImages FeatureCache::images(std::span<const std::size_t> samples) const {
  return {
      .reference_local = references_.rows(rows_of(reference_rows_, samples)),
      .target = targets_.rows(rows_of(target_rows_, samples))};
}

at::Tensor FeatureCache::texts(std::span<const std::size_t> samples) const {
  if (!has_texts_) return {};
  return texts_.rows(rows_of(text_rows_, samples));
}

}  // namespace igrot

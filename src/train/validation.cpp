#include "train/validation.h"

#include <algorithm>
#include <array>

#include "base/fail.h"
#include "eval/encode_files.h"
#include "igrot/retriever.h"
#include "metrics/recall.h"

namespace igrot {
namespace {

constexpr std::array<std::size_t, 5> recall_cuts{1, 5, 10, 50, 100};

/// `encode(batch)` of all readable files; nothing after a wish to stop.
std::optional<EncodedFiles> encode_all(
    const std::vector<std::filesystem::path>& files,
    const PictureReading& reading, const TrainHooks& hooks,
    std::string_view doing, std::size_t width,
    const std::function<Tensor(const PictureBatch&)>& encode) {
  const auto progress = [&](std::size_t done, std::size_t total) {
    return !hooks.stage || hooks.stage(doing, done, total);
  };
  return encode_files(files, {.width = width,
                              .preprocess = reading.preprocess,
                              .recipe = reading.recipe,
                              .runtime = hooks.runtime,
                              .progress = progress,
                              .encode = encode});
}

Tensor query_vectors(const Retriever& retriever, const Tensor& pixels,
                     const std::vector<std::string>& texts) {
  if (retriever.has_fusion())
    return retriever.fuse(pixels, texts, Mask::boolean).query;
  auto sum = retriever.image(pixels);
  const auto words = retriever.text(texts);
  for (std::size_t i = 0; i < sum.size(); ++i) sum.data()[i] += words.data()[i];
  normalize_rows(sum);
  return sum;
}

/// The target row of every query that was read; `kept` gets their places.
std::vector<std::size_t> target_rows(const ValidationSet& set,
                                     const EncodedFiles& gallery,
                                     const EncodedFiles& queries,
                                     std::vector<std::size_t>& kept) {
  std::map<std::size_t, std::size_t> row_of;
  for (std::size_t i = 0; i < gallery.from.size(); ++i)
    row_of.emplace(gallery.from[i], i);
  std::vector<std::size_t> targets;
  for (std::size_t i = 0; i < queries.from.size(); ++i) {
    const auto found = row_of.find(set.queries[queries.from[i]].target);
    if (found == row_of.end()) continue;
    kept.push_back(i);
    targets.push_back(found->second);
  }
  return targets;
}

Tensor rows_at(const EncodedFiles& rows, std::span<const std::size_t> places) {
  const auto view = rows.vectors.matrix();
  Tensor picked({places.size(), view.columns});
  for (std::size_t i = 0; i < places.size(); ++i)
    std::ranges::copy(view.row(places[i]), picked.data() + i * view.columns);
  return picked;
}

ValidationSet read_set(const ValidationSection& section,
                       const std::filesystem::path& root) {
  if (!section.triplets.empty())
    return read_validation_triplets(section.triplets, root);
  if (section.name == "lasco") return read_lasco_validation(root);
  fail(ErrorKind::usage,
       "validation.name is '{}', known is lasco; validation.triplets names a "
       "file of one's own",
       section.name);
}

}  // namespace

std::optional<ValidationSet> read_validation(const TrainConfig& config) {
  if (!config.validation) return std::nullopt;
  const auto& section = *config.validation;
  const auto& root = section.root.empty() ? config.data.root : section.root;
  auto set = read_set(section, root);
  if (section.limit > 0 && set.queries.size() > section.limit)
    set.queries.resize(section.limit);
  return set;
}

std::optional<ValidationResult> validate(const std::filesystem::path& model,
                                         const ValidationSet& set,
                                         const ValidationSection& section,
                                         const PictureReading& reading,
                                         const TrainHooks& hooks) {
  LoadOptions options;
  options.runtime.threads = hooks.runtime.threads;
  const auto retriever = Retriever::load(model, options);
  // One's own triplets are read as the training's; a public set in its own way.
  auto own = reading;
  if (section.triplets.empty()) own.recipe = set.recipe;

  const auto gallery = encode_all(
      set.gallery, own, hooks, "validating: gallery", retriever.width(),
      [&](const PictureBatch& batch) {
        auto vectors = retriever.targets(batch.pixels, section.target);
        normalize_rows(vectors);
        return vectors;
      });
  if (!gallery) return std::nullopt;
  std::vector<std::filesystem::path> references;
  for (const auto& query : set.queries) references.push_back(query.reference);
  const auto queries =
      encode_all(references, own, hooks, "validating: queries",
                 retriever.width(), [&](const PictureBatch& batch) {
                   std::vector<std::string> texts;
                   for (const auto i : batch.files)
                     texts.push_back(set.queries[i].text);
                   return query_vectors(retriever, batch.pixels, texts);
                 });

  if (!queries) return std::nullopt;

  std::vector<std::size_t> kept;
  const auto answers = target_rows(set, *gallery, *queries, kept);
  if (kept.empty())
    fail(ErrorKind::usage, "{}: no query is left to validate with", set.name);
  const auto asked = rows_at(*queries, kept);
  const auto ranks = target_ranks(asked.matrix(), gallery->vectors.matrix(),
                                  answers, hooks.runtime.thread_count());
  ValidationResult result;
  result.score = evaluate_metric(section.metric, ranks);
  for (const auto k : recall_cuts) result.recalls[k] = recall_at(ranks, k);
  result.skipped = set.gallery.size() - gallery->from.size() +
                   set.queries.size() - queries->from.size();
  return result;
}

}  // namespace igrot

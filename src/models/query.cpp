// Retriever::query: a question in parts becomes one vector.
// Source: method.md 4 and 10.
#include <array>
#include <cmath>
#include <span>

#include "base/fail.h"
#include "models/batches.h"
#include "models/fusions.h"
#include "models/retriever_impl.h"

namespace igrot {
namespace {

/// What each fusion reads besides negatives.
struct FusionRow {
  Fusion fusion;
  bool reads_pictures;
  bool reads_text;
};

constexpr std::array fusion_rows{FusionRow{Fusion::transagg, true, true},
                                 FusionRow{Fusion::sum, true, true},
                                 FusionRow{Fusion::weighted, true, true},
                                 FusionRow{Fusion::image, true, false},
                                 FusionRow{Fusion::text, false, true}};

const FusionRow& describe(Fusion fusion) {
  return fusion_rows[static_cast<std::size_t>(fusion)];
}

Fusion choose_fusion(const Query& query, bool has_transagg) {
  if (query.fusion) return *query.fusion;
  if (query.pictures.empty()) return Fusion::text;
  if (has_transagg && query.pictures.size() == 1) return Fusion::transagg;
  return query.text ? Fusion::sum : Fusion::image;
}

void check_query(const Query& query, Fusion fusion) {
  const auto& row = describe(fusion);
  const auto name = name_of(fusions, fusion);
  if (row.reads_pictures && query.pictures.empty())
    fail(ErrorKind::usage, "fusion '{}' needs a picture", name);
  if (row.reads_text && !query.text && fusion != Fusion::transagg)
    fail(ErrorKind::usage, "fusion '{}' needs words", name);
  if (fusion == Fusion::transagg && query.pictures.size() > 1)
    fail(ErrorKind::usage, "fusion '{}' takes one picture, not {}", name,
         query.pictures.size());
  bool is_finite = std::isfinite(query.picture_weight) &&
                   std::isfinite(query.negative_weight);
  for (const auto& picture : query.pictures)
    is_finite = is_finite && std::isfinite(picture.weight);
  if (!is_finite) fail(ErrorKind::usage, "a weight is not a number");
}

/// Raw features [n, d] of what a question is for and against; empty: none.
struct Features {
  Tensor positive;
  Tensor negative;
};

/// Both lists through a tower at once.
template <class Item, class Encode>
Features encode_both(std::vector<Item> positive,
                     const std::vector<Item>& negative, Encode&& encode) {
  const auto count = positive.size();
  positive.insert(positive.end(), negative.begin(), negative.end());
  if (positive.empty()) return {};
  const auto all = encode(positive);
  return {slice(all, 0, count), slice(all, count, negative.size())};
}

std::vector<const Tensor*> pixels_of(std::span<const QueryPicture> pictures) {
  std::vector<const Tensor*> list;
  for (const auto& picture : pictures) list.push_back(&picture.pixels);
  return list;
}

std::vector<const Tensor*> pixels_of(std::span<const Tensor> pictures) {
  std::vector<const Tensor*> list;
  for (const auto& picture : pictures) list.push_back(&picture);
  return list;
}

Tensor blend(const Features& images, std::span<const QueryPicture> pictures) {
  std::vector<float> weights;
  for (const auto& picture : pictures) weights.push_back(picture.weight);
  return blend_pictures(images.positive, weights);
}

}  // namespace

Tensor Retriever::query(const Query& query) const {
  const auto fusion = choose_fusion(query, has_fusion());
  check_query(query, fusion);
  const auto& row = describe(fusion);
  const bool is_trained = fusion == Fusion::transagg;
  const bool blends = row.reads_pictures && !is_trained;

  std::vector<const Tensor*> pictures;
  if (blends) pictures = pixels_of(query.pictures);
  auto images = encode_both(
      pictures, pixels_of(query.negative_pictures),
      [&](const auto& list) { return impl_->image(impl_->stacked(list)); });

  std::vector<std::string> words;
  if (row.reads_text && !is_trained) words.push_back(*query.text);
  auto texts = encode_both(words, query.negative_texts,
                           [&](const auto& list) { return impl_->text(list); });

  auto vector =
      is_trained
          ? fuse(impl_->stacked(pixels_of(query.pictures)),
                 {query.text.value_or("")}, query.mask)
                .query
          : fuse_features(fusion,
                          blends ? blend(images, query.pictures) : Tensor(),
                          texts.positive, query.picture_weight);
  const std::array negatives{std::move(images.negative),
                             std::move(texts.negative)};
  return subtract_negatives(std::move(vector), negatives,
                            query.negative_weight);
}

}  // namespace igrot

#include "reproduce_rows.h"

#include <algorithm>

namespace igrot::app {
namespace {

// Of CIRR and CIRCO the field publishes what the servers of the test questions
// say; here their validation questions are asked, whose answers are public. Of
// Sketchy mAP@200 and P@200 are published for the 21 unseen classes.
constexpr PublishedTable cir{"cir",
                             "zero-shot composed image retrieval",
                             {{{"fashioniq", "val", "R@10"},
                               {"fashioniq", "val", "R@50"},
                               {"cirr", "val", "R@10"},
                               {"cirr", "val", "R@50"},
                               {"circo", "val", "mAP@10"},
                               {"circo", "val", "mAP@50"}}}};
constexpr PublishedTable sbir{"sbir",
                              "zero-shot sketch-based image retrieval",
                              {{{"sketchy", "val21", "mAP@200"},
                                {"sketchy", "val21", "P@200"},
                                {"tuberlin", "val", "mAP@all"},
                                {"tuberlin", "val", "P@100"},
                                {"quickdraw", "val", "mAP@all"},
                                {"quickdraw", "val", "P@200"}}}};

constexpr ReproduceWeights union_blip{
    "union-blip",
    "final_model_blip_2_epo_5k_with_llava_union_both_fuse_extended", "",
    "train it: LlavaSCo, target union, from blip-coco (docs/reproduce.md)"};
constexpr ReproduceWeights union_clip_l{
    "union-sketchy-clip-l", "sbir_clip_large_2_epo_5k_union_both_fuse", "",
    "train it: Training-Sketchy, target union, from openai-vit-l-14 "
    "(docs/reproduce.md)"};
constexpr ReproduceWeights transagg_blip{
    "transagg-blip", "", "", "download it by hand: igrot model list transagg"};
constexpr ReproduceWeights clip_l{"clip-l", "ViT-L-14", "openai-vit-l-14",
                                  "igrot model fetch openai-vit-l-14"};
constexpr ReproduceWeights clip_b{"clip-b", "ViT-B-32", "openai-vit-b-32",
                                  "igrot model fetch openai-vit-b-32"};

constexpr std::optional<double> none;
constexpr std::array<std::optional<double>, 6> unpublished{};

constexpr std::array rows{
    PublishedMethod{&cir,
                    "TransAgg + UNION",
                    "BLIP-B",
                    {31.9, 51.5, 77.6, 92.9, 34.5, 38.5},
                    &union_blip,
                    "composed"},
    PublishedMethod{&cir,
                    "TransAgg",
                    "BLIP-B",
                    {34.4, 55.1, 77.9, 93.4, 32.2, 36.2},
                    &transagg_blip,
                    "composed"},
    PublishedMethod{&sbir,
                    "TransAgg + UNION",
                    "CLIP-L",
                    {82.7, 79.9, 51.0, 69.8, 33.4, 41.5},
                    &union_clip_l,
                    "composed"},
    PublishedMethod{&cir, "image only", "CLIP-L", unpublished, &clip_l,
                    "image"},
    PublishedMethod{&cir, "text only", "CLIP-L", unpublished, &clip_l, "text"},
    PublishedMethod{&cir, "sum", "CLIP-L", unpublished, &clip_l, "sum"},
    PublishedMethod{&cir, "image only", "CLIP-B", unpublished, &clip_b,
                    "image"},
    PublishedMethod{&cir, "text only", "CLIP-B", unpublished, &clip_b, "text"},
    PublishedMethod{&cir, "sum", "CLIP-B", unpublished, &clip_b, "sum"},
    PublishedMethod{&sbir, "image only", "CLIP-L", unpublished, &clip_l,
                    "image"},
    PublishedMethod{&sbir, "image only", "CLIP-B", unpublished, &clip_b,
                    "image"},
    PublishedMethod{
        &cir, "Pic2Word", "CLIP-L", {24.7, 43.7, 65.3, 87.8, 9.5, 11.3}},
    PublishedMethod{
        &cir, "i-SEARLE", "CLIP-L", {29.2, 49.5, 66.7, 88.8, 13.6, 16.3}},
    PublishedMethod{
        &cir, "CIReVL", "CLIP-L", {28.6, 48.6, 64.9, 86.3, 19.1, 20.9}},
    PublishedMethod{
        &cir, "MLLM-I2W", "CLIP-L", {30.3, 50.1, 68.4, 92.4, none, none}},
    PublishedMethod{
        &cir, "PLI", "CLIP-L", {35.4, 57.4, 69.3, 89.6, 14.2, 16.4}},
    PublishedMethod{
        &cir, "LinCIR", "CLIP-L", {26.4, 46.6, 66.9, 88.2, 13.9, 16.2}},
    PublishedMethod{
        &cir, "MagicLens", "CLIP-L", {30.7, 52.5, 74.4, 92.6, 30.8, 34.4}},
    PublishedMethod{
        &cir, "CoLLM", "BLIP-B", {34.6, 56.0, 78.6, 94.2, 20.4, 23.1}},
    PublishedMethod{
        &sbir, "DCDL", "CLIP-B", {72.6, 76.9, 63.4, 74.1, 33.6, 29.6}},
    PublishedMethod{
        &sbir, "CAT", "CLIP-B", {71.3, 72.5, 63.1, 72.2, 20.2, 38.8}},
    PublishedMethod{
        &sbir, "IVT", "ViT-B", {61.5, 69.4, 55.7, 62.9, 32.4, 16.2}},
    PublishedMethod{
        &sbir, "ZSE-SBIR", "ViT-L", {52.5, 62.4, 54.2, 65.7, 14.5, 21.6}},
    PublishedMethod{
        &sbir, "MagicLens", "CLIP-L", {68.2, 75.8, 62.9, 73.1, 15.1, 20.4}},
};

/// Names of a benchmark's folder besides its own.
struct FolderRow {
  std::string_view benchmark;
  std::array<std::string_view, 3> names;
};

constexpr std::array folders{
    FolderRow{"fashioniq", {"fashioniq", "fashion-iq", "fiq"}},
    FolderRow{"cirr", {"cirr", "cirr_dataset", "cirr-dataset"}},
    FolderRow{"circo", {"circo", "circo_dataset", "circo-dataset"}},
    FolderRow{"sketchy", {"sketchy", "sketchy-extended", "sketchy_extended"}},
    FolderRow{"tuberlin", {"tuberlin", "tu-berlin", "tu_berlin"}},
    FolderRow{"quickdraw", {"quickdraw", "quick-draw", "quick_draw"}},
};

}  // namespace

std::span<const PublishedMethod> published_methods() {
  return rows;
}

std::span<const std::string_view> folder_names(std::string_view benchmark) {
  const auto row = std::ranges::find(folders, benchmark, &FolderRow::benchmark);
  if (row == folders.end()) return {};
  return row->names;
}

}  // namespace igrot::app

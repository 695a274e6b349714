#include "known_models.h"

#include <algorithm>
#include <array>

#include "base/fail.h"

// Where the facts come from:
//   OpenAI    clip/clip.py of openai/CLIP, whose addresses hold the SHA-256;
//             licence of that repository
//   open_clip src/open_clip/pretrained.py of mlfoundations/open_clip; hashes,
//             sizes and licence of laion's pages on Hugging Face
//   BGE-VL    BAAI's pages on Hugging Face
//   BLIP      README.md and LICENSE.txt of salesforce/BLIP
//   TransAgg  README.md of Code-kunkun/ZS-CIR
//   SigLIP    google's pages on Hugging Face; SigLIP 2's vocabulary is the one
//             that pp/proj/paligemma/ops.py of google-research/big_vision reads
// Where a SHA-256 is in the row, the address names one revision for good.

namespace igrot::app {
namespace {

constexpr std::array openai_b32{KnownFile{
    "ViT-B-32.pt",
    "https://openaipublic.azureedge.net/clip/models/"
    "40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af/"
    "ViT-B-32.pt",
    "40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af",
    353976522}};
constexpr std::array openai_b16{KnownFile{
    "ViT-B-16.pt",
    "https://openaipublic.azureedge.net/clip/models/"
    "5806e77cd80f8b59890b7e101eabd078d9fb84e6937f9e85e4ecb61988df416f/"
    "ViT-B-16.pt",
    "5806e77cd80f8b59890b7e101eabd078d9fb84e6937f9e85e4ecb61988df416f",
    350837078}};
constexpr std::array openai_l14{KnownFile{
    "ViT-L-14.pt",
    "https://openaipublic.azureedge.net/clip/models/"
    "b8cca3fd41ae0c99ba7e8951adf17d267cdb84cd88be6f7c2e0eca1737a03836/"
    "ViT-L-14.pt",
    "b8cca3fd41ae0c99ba7e8951adf17d267cdb84cd88be6f7c2e0eca1737a03836",
    932768134}};
constexpr std::array openai_l14_336{KnownFile{
    "ViT-L-14-336px.pt",
    "https://openaipublic.azureedge.net/clip/models/"
    "3035c92b350959924f9f00213499208652fc7ea050643e8b385c2dac08641f02/"
    "ViT-L-14-336px.pt",
    "3035c92b350959924f9f00213499208652fc7ea050643e8b385c2dac08641f02",
    934088680}};

constexpr std::array laion2b_b32{
    KnownFile{"open_clip_config.json",
              "https://huggingface.co/laion/CLIP-ViT-B-32-laion2B-s34B-b79K/"
              "resolve/1a25a446712ba5ee05982a381eed697ef9b435cf/"
              "open_clip_config.json",
              "", 0},
    KnownFile{
        "open_clip_model.safetensors",
        "https://huggingface.co/laion/CLIP-ViT-B-32-laion2B-s34B-b79K/"
        "resolve/1a25a446712ba5ee05982a381eed697ef9b435cf/"
        "open_clip_model.safetensors",
        "ac4f8c4b88af6d963118cbf40ad93176d092abbedfcb752601ae1866352656e6",
        605143316}};
constexpr std::array laion2b_l14{
    KnownFile{"config.json",
              "https://huggingface.co/laion/CLIP-ViT-L-14-laion2B-s32B-b82K/"
              "resolve/main/config.json",
              "", 0},
    KnownFile{"model.safetensors",
              "https://huggingface.co/laion/CLIP-ViT-L-14-laion2B-s32B-b82K/"
              "resolve/main/model.safetensors",
              "", 0, 1710}};

constexpr std::array bge_vl_base{
    KnownFile{
        "config.json",
        "https://huggingface.co/BAAI/BGE-VL-base/resolve/main/config.json", "",
        0},
    KnownFile{"model.safetensors",
              "https://huggingface.co/BAAI/BGE-VL-base/resolve/main/"
              "model.safetensors",
              "", 0, 299}};
constexpr std::array bge_vl_large{
    KnownFile{
        "config.json",
        "https://huggingface.co/BAAI/BGE-VL-large/resolve/main/config.json", "",
        0},
    KnownFile{"model.safetensors",
              "https://huggingface.co/BAAI/BGE-VL-large/resolve/main/"
              "model.safetensors",
              "", 0, 855}};

constexpr std::array blip_coco{
    KnownFile{"model_base_retrieval_coco.pth",
              "https://storage.googleapis.com/sfr-vision-language-research/"
              "BLIP/models/model_base_retrieval_coco.pth",
              "", 0}};
constexpr std::array blip_flickr{
    KnownFile{"model_base_retrieval_flickr.pth",
              "https://storage.googleapis.com/sfr-vision-language-research/"
              "BLIP/models/model_base_retrieval_flickr.pth",
              "", 0}};

constexpr std::array siglip_base{
    KnownFile{"config.json",
              "https://huggingface.co/google/siglip-base-patch16-224/resolve/"
              "7fd15f0689c79d79e38b1c2e2e2370a7bf2761ed/config.json",
              "", 0},
    KnownFile{
        "model.safetensors",
        "https://huggingface.co/google/siglip-base-patch16-224/resolve/"
        "7fd15f0689c79d79e38b1c2e2e2370a7bf2761ed/model.safetensors",
        "2c63cb7d1f2e95ba501893cbb8faeb4ea9a3af295498d35097126228659c2af8",
        812672320},
    KnownFile{"spiece.model",
              "https://huggingface.co/google/siglip-base-patch16-224/resolve/"
              "7fd15f0689c79d79e38b1c2e2e2370a7bf2761ed/spiece.model",
              "", 0, 1}};
constexpr std::array siglip2_base{
    KnownFile{"config.json",
              "https://huggingface.co/google/siglip2-base-patch16-224/resolve/"
              "75de2d55ec2d0b4efc50b3e9ad70dba96a7b2fa2/config.json",
              "", 0},
    KnownFile{
        "model.safetensors",
        "https://huggingface.co/google/siglip2-base-patch16-224/resolve/"
        "75de2d55ec2d0b4efc50b3e9ad70dba96a7b2fa2/model.safetensors",
        "612923381c76ec5a9bed335d1c48827e3f2e506ac31b044b63b2031fadee6a0b",
        1500800904},
    KnownFile{"gemma_tokenizer.model",
              "https://storage.googleapis.com/big_vision/gemma_tokenizer.model",
              "", 0, 4}};

constexpr std::string_view openai_page = "https://github.com/openai/CLIP";
constexpr std::string_view blip_page = "https://github.com/salesforce/BLIP";

constexpr std::array rows{
    KnownModel{"openai-vit-b-32", "OpenAI's CLIP ViT-B/32", "openai", "MIT",
               openai_page, openai_b32},
    KnownModel{"openai-vit-b-16", "OpenAI's CLIP ViT-B/16", "openai", "MIT",
               openai_page, openai_b16},
    KnownModel{"openai-vit-l-14", "OpenAI's CLIP ViT-L/14", "openai", "MIT",
               openai_page, openai_l14},
    KnownModel{"openai-vit-l-14-336", "OpenAI's CLIP ViT-L/14 at 336 pixels",
               "openai", "MIT", openai_page, openai_l14_336},
    KnownModel{"laion2b-vit-b-32", "open_clip's ViT-B/32 of LAION-2B",
               "open_clip", "MIT",
               "https://huggingface.co/laion/CLIP-ViT-B-32-laion2B-s34B-b79K",
               laion2b_b32},
    KnownModel{"laion2b-vit-l-14", "open_clip's ViT-L/14 of LAION-2B",
               "huggingface", "MIT",
               "https://huggingface.co/laion/CLIP-ViT-L-14-laion2B-s32B-b82K",
               laion2b_l14},
    KnownModel{"bge-vl-base", "BGE-VL base, trained on MegaPairs",
               "huggingface", "MIT", "https://huggingface.co/BAAI/BGE-VL-base",
               bge_vl_base},
    KnownModel{"bge-vl-large", "BGE-VL large, trained on MegaPairs",
               "huggingface", "MIT", "https://huggingface.co/BAAI/BGE-VL-large",
               bge_vl_large},
    KnownModel{"blip-coco", "BLIP base, fine-tuned for retrieval on COCO",
               "blip", "BSD-3-Clause", blip_page, blip_coco},
    KnownModel{"blip-flickr",
               "BLIP base, fine-tuned for retrieval on Flickr30k", "blip",
               "BSD-3-Clause", blip_page, blip_flickr},
    KnownModel{"transagg",
               "TransAgg's checkpoints, in a folder of Google Drive",
               "transagg",
               "",
               "https://drive.google.com/drive/folders/"
               "1EGpylkOMj9tduUjAhTLtaX5UqjPMyN3X",
               {}},
    KnownModel{"siglip-base", "SigLIP base, patch 16, 224 pixels",
               "huggingface", "Apache-2.0",
               "https://huggingface.co/google/siglip-base-patch16-224",
               siglip_base},
    KnownModel{"siglip2-base", "SigLIP 2 base, patch 16, 224 pixels",
               "huggingface", "Apache-2.0",
               "https://huggingface.co/google/siglip2-base-patch16-224",
               siglip2_base},
};

}  // namespace

std::span<const KnownModel> known_models() {
  return rows;
}

const KnownModel* find_known_model(std::string_view name) {
  const auto row = std::ranges::find(rows, name, &KnownModel::name);
  return row == rows.end() ? nullptr : &*row;
}

const KnownModel& known_model(std::string_view name) {
  if (const auto* model = find_known_model(name)) return *model;
  fail(ErrorKind::usage, "no known model is called '{}' (igrot model list)",
       name);
}

}  // namespace igrot::app

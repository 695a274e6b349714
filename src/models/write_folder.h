// Models into the folders of other libraries: a configuration and the towers
// under that library's names.
#pragma once

#include <array>
#include <filesystem>

#include "igrot/settings.h"
#include "models/write_model.h"

namespace igrot {

enum class FolderLayout {
  huggingface,  ///< transformers' CLIPModel, SiglipModel and BLIP
  open_clip,    ///< CLIP alone
};

inline constexpr std::array folder_layouts{
    Named{FolderLayout::huggingface, "huggingface"},
    Named{FolderLayout::open_clip, "open_clip"}};

/// Makes `folder` and writes config.json and model.safetensors, or open_clip's
/// two. Fusion and UNION head have no place there and are left out. dtype: f32,
/// f16 or bf16. Throws Error: usage (another type), unsupported (a family the
/// library has no model for), io.
void write_model_folder(const std::filesystem::path& folder,
                        FolderLayout layout, const ModelConfig& config,
                        const ModelNumbers& numbers, DType dtype = DType::f32);

}  // namespace igrot

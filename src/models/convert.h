// A model from one container and layout into another.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "igrot/runtime.h"
#include "models/write_folder.h"
#include "tensor/dtype.h"

namespace igrot {

struct ConvertOptions {
  DType dtype = DType::f32;  ///< f32, f16 or bf16

  /// Unset: one file under the names of the reference's state dict.
  std::optional<FolderLayout> layout{};

  /// As in LoadOptions.
  std::optional<std::string> activation;

  Runtime runtime;
};

/// Writes the model in `in` (a checkpoint or a folder) to `out` under the names
/// of the reference's state dict: a `.safetensors` file, which remembers the
/// activation, or a `.pth` or `.pt` file for torch.load. With a layout `out` is
/// a folder of that library; heads it has no place for are left out with a
/// warning. Holds the whole model in memory. Throws Error: as Retriever::load;
/// usage (another ending or type), unsupported (as write_model_folder).
void convert_model(const std::filesystem::path& in,
                   const std::filesystem::path& out,
                   const ConvertOptions& options = {});

}  // namespace igrot

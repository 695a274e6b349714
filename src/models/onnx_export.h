// Models as ONNX graphs.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "igrot/runtime.h"

namespace igrot {

/// Whether this build writes ONNX.
bool has_onnx();

/// Writes the parts of a model as graphs of operator set 17 into a folder that
/// it makes, all float32, the first dimension of every input any batch:
///
/// - image.onnx: pixel_values [batch, 3, side, side] -> image_local [batch,
///   1 + P, d] (SigLIP: [batch, P, d]), image_global [batch, d];
/// - text.onnx: input_ids [batch, context] (int64; BLIP also attention_mask) ->
///   text_local [batch, context, d], text_global [batch, d];
/// - fusion.onnx: text_local, image_local, and input_ids (BLIP: attention_mask)
///   -> query, fused [batch, d], weights [batch, 3]; the mask is boolean;
/// - target.onnx: image_global, text_global -> target [batch, d], the UNION
///   vector; text_global is that of the empty text for a gallery.
///
/// The last two only where the model has the heads. activation: as in
/// LoadOptions. Result: the files. Throws Error: as Retriever::load;
/// unsupported (this build has no ONNX; a graph over 2 GB).
std::vector<std::filesystem::path> export_onnx(
    const std::filesystem::path& in, const std::filesystem::path& folder,
    const std::optional<std::string>& activation = {},
    const Runtime& runtime = {});

}  // namespace igrot

// The reader of each container. All throw Error: corrupt, unsupported; the
// caller adds the file's name.
#pragma once

#include "formats/contents.h"

namespace igrot {

Contents read_safetensors(const SharedFile& file);
Contents read_npy_contents(const SharedFile& file);

/// torch.save since PyTorch 1.6, and torch.jit.save: zip archives.
Contents read_torch_zip(const SharedFile& file);

/// torch.save before PyTorch 1.6: pickles followed by raw storages.
Contents read_torch_legacy(const SharedFile& file);

}  // namespace igrot

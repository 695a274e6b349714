// Names of SigLIP's tensors in other libraries, for the table of layouts.
// Canonical names: models/siglip.h.
#pragma once

#include <array>

#include "models/layouts.h"

namespace igrot {

// transformers' SiglipModel, of SigLIP and, at a fixed resolution, SigLIP 2.
inline constexpr std::array huggingface_siglip{
    Rename{"vision_model.embeddings.patch_embedding.*",
           "visual.trunk.patch_embed.proj.*"},
    Rename{.foreign = "vision_model.embeddings.position_embedding.weight",
           .canonical = "visual.trunk.pos_embed",
           .unbatched = true},
    Rename{"vision_model.encoder.layers.*", "visual.trunk.blocks.*", 0, 1,
           false, true},
    Rename{"vision_model.post_layernorm.*", "visual.trunk.norm.*"},
    Rename{"vision_model.head.probe", "visual.trunk.attn_pool.latent"},
    Rename{"vision_model.head.attention.in_proj_*",
           "visual.trunk.attn_pool.in_proj_*"},
    Rename{"vision_model.head.attention.out_proj.*",
           "visual.trunk.attn_pool.proj.*"},
    Rename{"vision_model.head.layernorm.*", "visual.trunk.attn_pool.norm.*"},
    Rename{"vision_model.head.mlp.*", "visual.trunk.attn_pool.mlp.*"},
    Rename{"vision_model.embeddings.position_ids", "visual.position_ids"},
    Rename{"text_model.embeddings.token_embedding.weight",
           "text.token_embedding.weight"},
    Rename{"text_model.embeddings.position_embedding.weight",
           "text.positional_embedding"},
    Rename{"text_model.encoder.layers.*", "text.transformer.resblocks.*", 0, 1,
           false, true},
    Rename{"text_model.final_layer_norm.*", "text.ln_final.*"},
    Rename{"text_model.head.*", "text.text_projection.*"},
    Rename{"text_model.embeddings.position_ids", "text.position_ids"},
    Rename{"logit_*", "logit_*"},
};

// open_clip's SigLIP: an image tower of timm, open_clip's own text tower.
inline constexpr std::array open_clip_siglip{
    Rename{"visual.trunk.blocks.*", "visual.trunk.blocks.*", 0, 1, false, true},
    Rename{"visual.trunk.attn_pool.q.weight",
           "visual.trunk.attn_pool.in_proj_weight", 0, 3},
    Rename{"visual.trunk.attn_pool.kv.weight",
           "visual.trunk.attn_pool.in_proj_weight", 1, 3, false, false, 2},
    Rename{"visual.trunk.attn_pool.q.bias",
           "visual.trunk.attn_pool.in_proj_bias", 0, 3},
    Rename{"visual.trunk.attn_pool.kv.bias",
           "visual.trunk.attn_pool.in_proj_bias", 1, 3, false, false, 2},
    Rename{"*", "*"},
};

inline constexpr std::array timm_block{
    Rename{"*.norm1.weight", "*.ln_1.weight"},
    Rename{"*.norm1.bias", "*.ln_1.bias"},
    Rename{"*.norm2.weight", "*.ln_2.weight"},
    Rename{"*.norm2.bias", "*.ln_2.bias"},
    Rename{"*.attn.qkv.weight", "*.attn.in_proj_weight"},
    Rename{"*.attn.qkv.bias", "*.attn.in_proj_bias"},
    Rename{"*.attn.proj.weight", "*.attn.out_proj.weight"},
    Rename{"*.attn.proj.bias", "*.attn.out_proj.bias"},
    Rename{"*.mlp.fc1.weight", "*.mlp.c_fc.weight"},
    Rename{"*.mlp.fc1.bias", "*.mlp.c_fc.bias"},
    Rename{"*.mlp.fc2.weight", "*.mlp.c_proj.weight"},
    Rename{"*.mlp.fc2.bias", "*.mlp.c_proj.bias"},
};

}  // namespace igrot

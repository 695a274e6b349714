"""Folders that open_clip writes load, and give its numbers; what igrot writes,
open_clip reads.

    open_clip_peer.py IGROT
"""

import json
import tempfile
from pathlib import Path

import numpy as np
import open_clip
import timm
import torch
from open_clip.push_to_hf_hub import save_for_hf
from timm.models.vision_transformer import VisionTransformer

import peer
from peer import embed, near
from siglip_vocabulary import siglip_vocabulary

side = 64
texts = ["", "a fox", "the same house at night, but with snow on its roof"]

vision = dict(image_size=side, layers=2, width=128, head_width=64,
              patch_size=16)
text = dict(context_length=77, vocab_size=49408, width=128, heads=2, layers=2)
clips = {
    "clip": dict(embed_dim=48, vision_cfg=vision, text_cfg=text),
    "quick": dict(embed_dim=48, quick_gelu=True, vision_cfg=vision,
                  text_cfg=text),
    "narrow-heads": dict(embed_dim=48, vision_cfg=dict(vision, head_width=32),
                         text_cfg=dict(text, heads=4)),
    "custom-text": dict(embed_dim=48, custom_text=True, vision_cfg=vision,
                        text_cfg=text),
}


@timm.models.register_model
def vit_igrot_siglip(pretrained=False, **kwargs):
    """timm's SigLIP tower, but small."""
    del pretrained
    for name in ("pretrained_cfg", "pretrained_cfg_overlay", "cache_dir"):
        kwargs.pop(name, None)
    tower = VisionTransformer(img_size=side, patch_size=16, embed_dim=128,
                              depth=2, num_heads=2, class_token=False,
                              act_layer=tower_activation, **kwargs)
    tower.default_cfg = tower.pretrained_cfg = {}
    return tower


tower_activation = "gelu"

siglip = dict(
    embed_dim=128, init_logit_bias=-10, custom_text=True,
    vision_cfg=dict(image_size=side, timm_model_name="vit_igrot_siglip",
                    timm_model_pretrained=False, timm_pool="map",
                    timm_proj="none"),
    text_cfg=dict(context_length=64, vocab_size=520, width=128, heads=2,
                  layers=2, no_causal_mask=True, proj_bias=True,
                  pool_type="last", norm_kwargs=dict(eps=1e-6)))
siglip_tanh = dict(siglip, text_cfg=dict(siglip["text_cfg"],
                                         act_kwargs=dict(approximate="tanh")))


def make(config):
    options = dict(config)
    kind = open_clip.CLIP
    if options.pop("custom_text", False):
        kind = open_clip.CustomTextCLIP
    model = kind(**options).eval()
    for parameter in model.parameters():
        if parameter.dim() > 0:
            torch.nn.init.normal_(parameter, std=0.15)
    return model


class NoTokenizer:
    def save_pretrained(self, folder):
        """The vocabulary is the test's business."""


def write(folder, name, config):
    """As push_to_hf_hub writes it."""
    model = make(config)
    model.visual.image_mean = model.visual.image_std = (0.5, 0.5, 0.5)
    save_for_hf(model, NoTokenizer(), config, folder / name,
                safe_serialization=True)
    return model


def token_ids(*options):
    rows = peer.tokens(texts, *options)
    return torch.tensor([row["ids"] for row in rows])


def check(folder, name, model, ids):
    pixels = torch.randn(3, 3, side, side)
    np.save(folder / "pixels.npy", pixels.numpy())
    listed = peer.write_texts(folder / "texts.jsonl", texts)
    near(embed(folder, folder / name, "image", "--pixels",
               folder / "pixels.npy"),
         model.encode_image(pixels), f"{name}'s pictures")
    near(embed(folder, folder / name, "text", "--texts", listed),
         model.encode_text(ids), f"{name}'s texts")
    print(f"{name}: gives open_clip's numbers")


def check_writing(folder, name, model, ids):
    """What igrot writes, open_clip reads by its own means."""
    again = folder / f"{name}-again"
    peer.run("model", "convert", folder / name, again, "--layout", "open_clip")
    config = json.loads((again / "open_clip_config.json").read_text())
    (again / f"{name}-again.json").write_text(json.dumps(config["model_cfg"]))
    open_clip.add_model_config(again / f"{name}-again.json")
    read = open_clip.create_model(
        f"{name}-again",
        pretrained=str(again / "open_clip_model.safetensors")).eval()
    pixels = torch.randn(2, 3, side, side)
    assert torch.equal(read.encode_image(pixels), model.encode_image(pixels))
    assert torch.equal(read.encode_text(ids), model.encode_text(ids))
    print(f"{name}: open_clip reads it back")


torch.manual_seed(0)
with tempfile.TemporaryDirectory() as name, torch.no_grad():
    folder = Path(name)
    for clip, config in clips.items():
        model = write(folder, clip, config)
        ids = token_ids("--tokenizer", "clip")
        check(folder, clip, model, ids)
        check_writing(folder, clip, model, ids)
    vocabulary = siglip_vocabulary(folder)
    for config, tower_activation in ((siglip, "gelu"),
                                     (siglip_tanh, "gelu_tanh")):
        kind = f"siglip-{tower_activation}"
        model = write(folder, kind, config)
        (folder / kind / "spiece.model").write_bytes(vocabulary.read_bytes())
        check(folder, kind, model,
              token_ids("--tokenizer", "siglip", "--vocabulary", vocabulary))

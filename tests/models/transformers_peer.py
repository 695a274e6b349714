"""Folders that transformers writes load, and give its numbers.

    transformers_peer.py IGROT
"""

import tempfile
from pathlib import Path

import numpy as np
import torch
from transformers import (BlipConfig, BlipForImageTextRetrieval, CLIPConfig,
                          CLIPModel)

import peer
from peer import embed, near

side = 64
texts = ["", "a fox", "the same house at night, but with snow on its roof"]


def tokens(name):
    rows = peer.tokens(texts, "--tokenizer", name)
    return {key: torch.tensor([row[key] for row in rows]) for key in rows[0]}


def clip(folder):
    tower = dict(hidden_size=128, intermediate_size=256, num_hidden_layers=2,
                 num_attention_heads=2)
    model = CLIPModel(CLIPConfig(
        text_config=dict(tower, hidden_act="gelu", eos_token_id=49407),
        vision_config=dict(tower, hidden_act="gelu", image_size=side,
                           patch_size=16, layer_norm_eps=1e-4),
        projection_dim=48)).eval()
    model.save_pretrained(folder)
    return (lambda pixels: model.get_image_features(pixels),
            lambda: model.get_text_features(tokens("clip")["ids"]))


def blip(folder):
    tower = dict(hidden_size=128, intermediate_size=256, num_hidden_layers=2,
                 num_attention_heads=2, initializer_range=0.1)
    model = BlipForImageTextRetrieval(BlipConfig(
        text_config=dict(tower, encoder_hidden_size=128, vocab_size=30524),
        vision_config=dict(tower, image_size=side, patch_size=16),
        image_text_hidden_size=48)).eval()
    model.save_pretrained(folder)

    def image(pixels):
        rows = model.vision_model(pixels)[0]
        return model.vision_proj(rows[:, 0])

    def text():
        batch = tokens("bert")
        rows = model.text_encoder(batch["ids"], attention_mask=batch["mask"],
                                  return_dict=True)[0]
        return model.text_proj(rows[:, 0])

    return image, text


torch.manual_seed(0)
with tempfile.TemporaryDirectory() as name, torch.no_grad():
    folder = Path(name)
    pixels = torch.randn(3, 3, side, side)
    np.save(folder / "pixels.npy", pixels.numpy())
    peer.write_texts(folder / "texts.jsonl", texts)
    for make in (clip, blip):
        model = folder / make.__name__
        image, text = make(model)
        near(embed(folder, model, "image", "--pixels", folder / "pixels.npy"),
             image(pixels), f"{make.__name__}'s image")
        near(embed(folder, model, "text", "--texts", folder / "texts.jsonl"),
             text(), f"{make.__name__}'s text")
        # And back: what igrot writes, transformers reads.
        again = folder / f"{make.__name__}-again"
        peer.run("model", "convert", model, again, "--layout", "huggingface")
        library = CLIPModel if make is clip else BlipForImageTextRetrieval
        read, info = library.from_pretrained(again, output_loading_info=True)
        missing = [key for key in info["missing_keys"]
                   if not key.endswith("position_ids")]
        assert not missing, f"{make.__name__} lacks {missing}"
        print(f"{make.__name__}: agrees both ways")

"""SigLIP and SigLIP 2 folders that transformers writes load, and give its
numbers; igrot cuts texts as SentencePiece and SiglipTokenizer do.

    siglip_peer.py IGROT [onnx]

With onnx: so do the graphs it exports, in ONNX Runtime.
"""

import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import sentencepiece
import torch
from transformers import SiglipConfig, SiglipModel, SiglipTokenizer

import peer
from peer import embed, near
from siglip_vocabulary import siglip2_vocabulary, siglip_vocabulary

context = 64
texts = ["", "a fox", "A fox, a fox!", "the dog's house (with snow).",
         "  two\tspaces \n", "Über cafés: naïve ﬁ ½ ＡＢＣ", "東京タワー 😀",
         "zzyzx qq", "a▁b _c_ d-e", "ΣΑΣ İstanbul", "</s> a <unk> b <pad>",
         "x" * 300, " ".join(["the dog and the fox"] * 30)]

def ids_of(name, vocabulary):
    rows = peer.tokens(texts, "--tokenizer", name, "--vocabulary", vocabulary)
    return [row["ids"] for row in rows]


def transformers_ids(vocabulary):
    tokenizer = SiglipTokenizer(str(vocabulary))
    # A marker in a text is text for igrot, as in the program that trained it.
    return [tokenizer(text, padding="max_length", truncation=True,
                      max_length=context)["input_ids"]
            for text in texts if "</s>" not in text]


def sentencepiece_ids(vocabulary):
    cut = sentencepiece.SentencePieceProcessor(model_file=str(vocabulary))
    rows = []
    for text in texts:
        ids = cut.encode(text.lower())[:context - 1] + [cut.eos_id()]
        rows.append(ids + [cut.pad_id()] * (context - len(ids)))
    return rows


def check_tokens(folder):
    vocabulary = siglip_vocabulary(folder)
    ids = [row for row, text in zip(ids_of("siglip", vocabulary), texts)
           if "</s>" not in text]
    assert ids == transformers_ids(vocabulary)
    assert any(2 in row for row in ids)  # something is unknown
    vocabulary = siglip2_vocabulary(folder)
    assert ids_of("siglip2", vocabulary) == sentencepiece_ids(vocabulary)
    print("tokens agree")


def write_model(folder, text_width, activation):
    vision = dict(hidden_size=128, intermediate_size=192, num_hidden_layers=2,
                  num_attention_heads=2, image_size=48, patch_size=16,
                  hidden_act=activation)
    text = dict(vision, hidden_size=text_width, vocab_size=520,
                num_attention_heads=text_width // 32,
                max_position_embeddings=context)
    model = SiglipModel(SiglipConfig(text_config=text,
                                     vision_config=vision)).eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.15)
    model.save_pretrained(folder)
    return model


def check_model(folder, name, vocabulary, activation="gelu_pytorch_tanh"):
    path = folder / name
    model = write_model(path, 128, activation)
    shutil.copy(vocabulary, path)
    pixels = torch.randn(3, 3, 48, 48)
    np.save(folder / "pixels.npy", pixels.numpy())
    shown = ["--pixels", folder / "pixels.npy"]
    near(embed(folder, path, "image", *shown),
         model.get_image_features(pixels), f"{name}'s pictures")
    near(embed(folder, path, "image-local", *shown),
         model.vision_model(pixels).last_hidden_state, f"{name}'s patches")
    kind = "siglip" if vocabulary.name == "spiece.model" else "siglip2"
    ids = torch.tensor(ids_of(kind, vocabulary))
    listed = peer.write_texts(folder / "texts.jsonl", texts)
    near(embed(folder, path, "text", "--texts", listed),
         model.get_text_features(ids), f"{name}'s texts")
    again = folder / f"{name}-again"
    peer.run("model", "convert", path, again, "--layout", "huggingface")
    assert (again / vocabulary.name).read_bytes() == vocabulary.read_bytes()
    read, info = SiglipModel.from_pretrained(again, output_loading_info=True)
    assert not info["missing_keys"] and not info["unexpected_keys"], info
    for key, value in model.state_dict().items():
        assert torch.equal(read.state_dict()[key], value), key
    assert torch.equal(read.eval().get_text_features(ids),
                       model.get_text_features(ids))
    print(f"{name}: agrees both ways")
    if "onnx" in sys.argv:
        check_graphs(folder / f"{name}-graphs", path, model, pixels, ids)


def check_graphs(graphs, path, model, pixels, ids):
    import onnxruntime

    def run(part, name, value):
        session = onnxruntime.InferenceSession(
            str(graphs / f"{part}.onnx"), providers=["CPUExecutionProvider"])
        return session.run(None, {name: value.numpy()})

    peer.run("model", "convert", path, graphs, "--layout", "onnx")
    local, whole = run("image", "pixel_values", pixels)
    near(local, model.vision_model(pixels).last_hidden_state, "patches' graph")
    near(whole, model.get_image_features(pixels), "pictures' graph")
    _, whole = run("text", "input_ids", ids)
    near(whole, model.get_text_features(ids), "texts' graph")
    print(f"{path.name}: so do its graphs")


torch.manual_seed(0)
with tempfile.TemporaryDirectory() as name, torch.no_grad():
    folder = Path(name)
    check_tokens(folder)
    check_model(folder, "siglip", folder / "spiece.model")
    check_model(folder, "siglip2", folder / "tokenizer.model")
    check_model(folder, "exact", folder / "spiece.model", "gelu")

"""Exported graphs in ONNX Runtime give the reference's numbers.

    onnx_peer.py IGROT GOLDENS
"""

import gzip
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime

igrot, goldens = sys.argv[1], Path(sys.argv[2])


def golden(name):
    return np.load(goldens / f"{name}.npy")


def near(actual, expected, what, absolute=5e-5, relative=2e-5):
    expected = expected.reshape(actual.shape)
    excess = np.abs(actual - expected) - absolute - relative * np.abs(expected)
    assert excess.max() <= 0, f"{what}: {excess.max()} over the tolerance"


def graph(folder, name):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        str(folder / f"{name}.onnx"), options, ["CPUExecutionProvider"])


def check(family, folder):
    model = f"{family}_union"
    weights = folder / f"{model}.pth"
    weights.write_bytes(
        gzip.decompress((goldens / model / f"{model}.pth.gz").read_bytes()))
    activation = [] if family.startswith("blip") else ["--activation",
                                                       "quick_gelu"]
    subprocess.run([igrot, "model", "convert", weights, folder / "graphs",
                    "--layout", "onnx", *activation], check=True)
    graphs = folder / "graphs"

    image_local, image_global = graph(graphs, "image").run(
        None, {"pixel_values": golden(f"{family}/pixels")})
    near(image_local, golden(f"{model}/image_local"), "image_local")
    near(image_global, golden(f"{model}/image_global"), "image_global")

    texts = {}
    if family.startswith("blip"):
        texts["input_ids"] = golden(f"{model}/input_ids").astype(np.int64)
        mask = golden(f"{model}/attention_mask").astype(np.int64)
        texts["attention_mask"] = mask
    else:
        texts["input_ids"] = golden(f"{model}/token_ids").astype(np.int64)
    text_local, text_global = graph(graphs, "text").run(None, texts)
    near(text_local, golden(f"{model}/text_local"), "text_local")
    near(text_global, golden(f"{model}/text_global"), "text_global")

    pairs = golden(f"{model}/pairs").astype(int)
    images, words = pairs[:, 0], pairs[:, 1]
    which = "attention_mask" if family.startswith("blip") else "input_ids"
    query, fused, shares = graph(graphs, "fusion").run(
        None, {"text_local": text_local[words],
               "image_local": image_local[images],
               which: texts[which][words]})
    near(fused, golden(f"{model}/f_mask_bool"), "f")
    near(shares, golden(f"{model}/weights_mask_bool"), "weights")
    near(query, golden(f"{model}/query_mask_bool"), "query", 1e-5, 0)

    (union,) = graph(graphs, "target").run(
        None, {"image_global": image_global[images],
               "text_global": text_global[words]})
    near(union, golden(f"{model}/union_U"), "union", 1e-5, 0)
    print(f"{model}: {len(pairs)} pairs agree")


for family in ("clip_tiny", "clip_tiny_odd", "blip_tiny"):
    with tempfile.TemporaryDirectory() as name:
        check(family, Path(name))

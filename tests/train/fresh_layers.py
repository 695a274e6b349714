#!/usr/bin/python3
"""Compares the layers that igrot starts from nothing with PyTorch's.

    tests/train/fresh_layers.py PROGRAM      exit code 0: they agree, 1: not
    tests/train/fresh_layers.py --calibrate  PyTorch against itself

Every tensor of a started model, over some seeds, against the same layers
started by PyTorch (heads of UNION), the transformers library (T5 stack) and
the rules of OpenAI's CLIP (towers):

    mean, deviation  within 5 standard errors, from the number of elements and
                     their kurtosis
    shape            mean size over deviation (0.80 of a normal law, 0.87 of a
                     uniform one), likewise
    edge             the bound of a uniform law, to within the gap that so many
                     elements leave
    constants        exactly
    copies           the fusion's layers are equal, and no other two tensors

Needs script/peers.
"""
import importlib.util
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

if importlib.util.find_spec("transformers") is None:
    peers_python = (pathlib.Path(__file__).resolve().parents[2] /
                    "build" / "peers" / "bin" / "python")
    if sys.executable == str(peers_python) or not peers_python.exists():
        sys.exit("transformers is missing: run script/peers")
    os.execv(peers_python, [str(peers_python), *sys.argv])

import numpy as np
import torch
from torch import nn
from transformers import T5Config
from transformers.models.t5.modeling_t5 import T5Stack

SHARED, SIDE, PATCH = 256, 64, 8
IMAGE_WIDTH, IMAGE_LAYERS = 192, 2
TEXT_WIDTH, TEXT_LAYERS, CONTEXT, VOCABULARY = 128, 3, 77, 49408
HEAD_WIDTH = 64
SEEDS = 6
MOST_STANDARD_ERRORS = 5.0


def block(width):
    """PyTorch's start values, under the names of CLIP's state dict."""
    return nn.ModuleDict({
        "attn": nn.MultiheadAttention(width, width // HEAD_WIDTH),
        "ln_1": nn.LayerNorm(width),
        "mlp": nn.ModuleDict({"c_fc": nn.Linear(width, 4 * width),
                              "c_proj": nn.Linear(4 * width, width)}),
        "ln_2": nn.LayerNorm(width)})


def blocks(width, layers):
    return nn.ModuleDict({
        "resblocks": nn.ModuleList([block(width) for _ in range(layers)])})


def drawn(deviation, *shape):
    return nn.Parameter(torch.randn(*shape) * deviation)


class ImageTower(nn.Module):
    """Blocks keep PyTorch's start values: OpenAI's rules pass them over."""

    def __init__(self):
        super().__init__()
        width, scale = IMAGE_WIDTH, IMAGE_WIDTH ** -0.5
        self.conv1 = nn.Conv2d(3, width, PATCH, PATCH, bias=False)
        self.class_embedding = drawn(scale, width)
        self.positional_embedding = drawn(scale, (SIDE // PATCH) ** 2 + 1,
                                          width)
        self.ln_pre = nn.LayerNorm(width)
        self.transformer = blocks(width, IMAGE_LAYERS)
        self.ln_post = nn.LayerNorm(width)
        self.proj = drawn(scale, width, SHARED)


class Clip(nn.Module):
    def __init__(self):
        super().__init__()
        width = TEXT_WIDTH
        self.visual = ImageTower()
        self.transformer = blocks(width, TEXT_LAYERS)
        for layer in self.transformer["resblocks"]:
            residual = (2 * TEXT_LAYERS * width) ** -0.5
            nn.init.normal_(layer["attn"].in_proj_weight, std=width ** -0.5)
            nn.init.normal_(layer["attn"].out_proj.weight, std=residual)
            nn.init.normal_(layer["mlp"]["c_fc"].weight,
                            std=(2 * width) ** -0.5)
            nn.init.normal_(layer["mlp"]["c_proj"].weight, std=residual)
        self.token_embedding = nn.Embedding(VOCABULARY, width)
        nn.init.normal_(self.token_embedding.weight, std=0.02)
        self.positional_embedding = drawn(0.01, CONTEXT, width)
        self.ln_final = nn.LayerNorm(width)
        self.text_projection = drawn(width ** -0.5, width, SHARED)
        self.logit_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))


class Union(nn.Module):
    def __init__(self):
        super().__init__()
        d = SHARED
        self.model = Clip()
        self.fusion = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(d, 8, batch_first=True,
                                       norm_first=True, activation="gelu"), 2)
        self.combiner_layer = nn.Linear(2 * d, 8 * d)
        self.weighted_layer = nn.Linear(d, 3)
        self.output_layer = nn.Linear(8 * d, d)
        self.sep_token = nn.Parameter(torch.randn(1, 1, d))
        self.union_weighted_layer = nn.Sequential(
            nn.Linear(2 * d, 4 * d), nn.Dropout(), nn.Sigmoid(),
            nn.Linear(4 * d, d), nn.Dropout(), nn.Sigmoid(), nn.Linear(d, 1))
        self.t5_layers = T5Stack(T5Config(
            d_model=d, d_kv=64, d_ff=2048, num_layers=4, num_heads=8,
            feed_forward_proj="relu"))


def from_pytorch(seed):
    torch.manual_seed(seed)
    return {name: tensor.numpy() for name, tensor in
            Union().state_dict().items()}


CONFIG = f"""
[model]
target = "union"
[model.new]
width = {SHARED}
side = {SIDE}
patch = {PATCH}
image_width = {IMAGE_WIDTH}
image_layers = {IMAGE_LAYERS}
text_width = {TEXT_WIDTH}
text_layers = {TEXT_LAYERS}
context = {CONTEXT}
[data]
triplets = "triplets.jsonl"
[train]
epochs = 0
batch_size = 2
seed = SEED
[checkpoint]
every_steps = 0
"""


def read_safetensors(path):
    data = path.read_bytes()
    body = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:body])
    header.pop("__metadata__", None)
    tensors = {}
    for name, about in header.items():
        assert about["dtype"] == "F32", name
        begin, end = about["data_offsets"]
        tensors[name] = np.frombuffer(
            data[body + begin:body + end], "<f4").reshape(about["shape"])
    return tensors


def from_igrot(program, seed):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "dot.ppm").write_bytes(b"P6 1 1 255\n\0\0\0")
        (folder / "triplets.jsonl").write_text(
            2 * '{"reference": "dot.ppm", "text": "x", "target": "dot.ppm"}\n')
        (folder / "config.toml").write_text(
            CONFIG.replace("SEED", str(seed)))
        done = subprocess.run(
            [program, "train", folder / "config.toml", "--out",
             folder / "out"], capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{program} train: {done.stderr}")
        return read_safetensors(folder / "out" / "last.safetensors")


def is_constant(samples):
    return all(s.min() == s.max() == samples[0].flat[0] for s in samples)


class Sample:
    """The numbers of one tensor over all seeds, and their moments."""

    def __init__(self, tensors):
        x = np.concatenate([t.ravel() for t in tensors]).astype(np.float64)
        self.count = x.size
        self.mean = x.mean()
        self.deviation = x.std(ddof=1)
        self.kurtosis = (((x - self.mean) / self.deviation) ** 4).mean()
        self.shape = np.abs(x - self.mean).mean() / self.deviation
        self.largest = np.abs(x).max()


def deviations(a, b):
    """Differences of two samples of one law; 1 is the most that is allowed."""
    weight = 1 / a.count + 1 / b.count
    deviation = math.sqrt((a.deviation ** 2 + b.deviation ** 2) / 2)
    # Small samples look flatter than a uniform law, and no law here is.
    kurtosis = max(1.8, (a.kurtosis + b.kurtosis) / 2)
    error = math.sqrt(weight) * deviation
    found = {"mean": abs(a.mean - b.mean) / error,
             "deviation": abs(a.deviation - b.deviation) /
                          (error * math.sqrt((kurtosis - 1) / 4)),
             # 0.2123: Geary's, of a normal law; a uniform one's is smaller.
             "shape": abs(a.shape - b.shape) / (0.2123 * math.sqrt(weight))}
    found = {name: z / MOST_STANDARD_ERRORS for name, z in found.items()}
    fewest = min(a.count, b.count)
    if fewest >= 100 and kurtosis < 2.2:
        # The largest of n uniform numbers is below bound * (1 - c / n) with
        # probability exp(-c).
        found["edge"] = abs(math.log(a.largest / b.largest)) * fewest / 15
    return found


def repeated(tensors):
    """Names of drawn tensors that hold the numbers of an earlier one."""
    seen, names = {}, set()
    for name, tensor in tensors.items():
        if tensor.size < 2 or tensor.min() == tensor.max():
            continue
        if seen.setdefault(tensor.tobytes(), name) != name:
            names.add(name)
    return names


def compare(peers, models):
    """(problems, rows (deviation, statistic, name)) of two lists of models."""
    problems = [f"{name}: only one side has it"
                for name in sorted(set(peers[0]) ^ set(models[0]))]
    rows = []
    for name in sorted(set(peers[0]) & set(models[0])):
        wanted = [p[name] for p in peers]
        found = [m[name] for m in models]
        if wanted[0].shape != found[0].shape:
            problems.append(f"{name}: shape {found[0].shape}, expected "
                            f"{wanted[0].shape}")
        elif is_constant(wanted):
            if not all(np.array_equal(wanted[0], f) for f in found):
                problems.append(f"{name}: not {wanted[0].flat[0]:.9g} "
                                "throughout")
        elif len({f.tobytes() for f in found}) < len(found):
            problems.append(f"{name}: the same for two seeds")
        else:
            rows += [(value, statistic, name) for statistic, value in
                     deviations(Sample(wanted), Sample(found)).items()]
    copies = repeated(peers[0])
    wrong = set().union(*(repeated(model) ^ copies for model in models))
    problems += [f"{name}: a copy, or none where it should be one"
                 for name in sorted(wrong)]
    problems += [f"{name}: {statistic} off by {value:.2f} of what is allowed"
                 for value, statistic, name in sorted(rows, reverse=True)
                 if not value <= 1]
    return problems, rows


def show(rows):
    for statistic in ("mean", "deviation", "shape", "edge"):
        chosen = sorted((r for r in rows if r[1] == statistic), reverse=True)
        print(f"{statistic}: {len(chosen)} tensors, share of what is allowed")
        for value, _, name in chosen[:4]:
            print(f"  {value:6.3f}  {name}")


def show_calibration(rows):
    """Shares of tensors beyond 1, 2 and 3 standard errors, beside those of a
    normal law."""
    for statistic in ("mean", "deviation", "shape"):
        z = np.array([r[0] for r in rows if r[1] == statistic])
        z *= MOST_STANDARD_ERRORS
        shares = ", ".join(
            f"{(z > k).mean():.4f} beyond {k} (normal: "
            f"{math.erfc(k / math.sqrt(2)):.4f})" for k in (1, 2, 3))
        print(f"{statistic}, {z.size} tensors: {shares}")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    peers = [from_pytorch(seed) for seed in range(SEEDS)]
    if sys.argv[1] == "--calibrate":
        problems, rows = [], []
        for first in range(1, 5):
            models = [from_pytorch(SEEDS * first + i) for i in range(SEEDS)]
            more = compare(peers, models)
            problems += more[0]
            rows += more[1]
            peers = models
        show_calibration(rows)
    else:
        problems, rows = compare(
            peers, [from_igrot(sys.argv[1], seed) for seed in range(SEEDS)])
    show(rows)
    for problem in problems:
        print(problem)
    print("agree" if not problems else f"{len(problems)} problems")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()

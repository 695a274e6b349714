#!/usr/bin/python3
"""One training step of UNION over ViT-B/32 in PyTorch, float32 on the CPU:
median seconds a step and the process's peak memory.

    bench/train_peer.py [--way reference|lean] [--threads N] [--steps N]
                        [--batch N] [--json]

Weights, pictures and token ids are random; reading pictures and words is no
part of the step. Target union, encoder both, every dropout active, AdamW, clip
5. Two ways of the same step:

    reference  as the published program does it: the query's picture and words
               are encoded three times, the target's picture twice, the empty
               text twice and once a picture; U of the query is computed twice
               and used nowhere
    lean       every picture and text once, the empty text as one row, no U of
               the query

Without --way both run, each in its own process. Run it with Debian's Python
(python3-torch with libopenblas0-openmp).
"""

import argparse
import json
import pathlib
import re
import statistics
import subprocess
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

import torch_peer

SHARED, FEED_FORWARD = 512, 2048
SIDE, PATCH, IMAGE_WIDTH, IMAGE_LAYERS = 224, 32, 768, 12
TEXT_WIDTH, TEXT_LAYERS, CONTEXT, VOCABULARY = 512, 12, 77, 49408
HEAD_WIDTH = 64
FUSION_HEADS, FUSION_LAYERS = 8, 2
UNION_HEADS, UNION_LAYERS, BUCKETS = 8, 4, 32
DROPOUT = 0.1
WAYS = ("reference", "lean")


class QuickGelu(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(1.702 * x)


class Block(nn.Module):
    """x: [T, B, width]."""

    def __init__(self, width, mask):
        super().__init__()
        self.attn = nn.MultiheadAttention(width, width // HEAD_WIDTH)
        self.ln_1 = nn.LayerNorm(width)
        self.mlp = nn.Sequential()
        self.mlp.add_module("c_fc", nn.Linear(width, 4 * width))
        self.mlp.add_module("gelu", QuickGelu())
        self.mlp.add_module("c_proj", nn.Linear(4 * width, width))
        self.ln_2 = nn.LayerNorm(width)
        self.mask = mask

    def forward(self, x):
        h = self.ln_1(x)
        x = x + self.attn(h, h, h, need_weights=False, attn_mask=self.mask)[0]
        return x + self.mlp(self.ln_2(x))


class Blocks(nn.Module):
    """x: [B, T, width]."""

    def __init__(self, width, layers, mask=None):
        super().__init__()
        self.resblocks = nn.Sequential(
            *[Block(width, mask) for _ in range(layers)])

    def forward(self, x):
        return self.resblocks(x.transpose(0, 1)).transpose(0, 1)


def matrix(*shape):
    return nn.Parameter(torch.randn(*shape) * shape[-1] ** -0.5)


class ImageTower(nn.Module):
    def __init__(self):
        super().__init__()
        tokens = (SIDE // PATCH) ** 2 + 1
        self.conv1 = nn.Conv2d(3, IMAGE_WIDTH, PATCH, PATCH, bias=False)
        self.class_embedding = matrix(IMAGE_WIDTH)
        self.positional_embedding = matrix(tokens, IMAGE_WIDTH)
        self.ln_pre = nn.LayerNorm(IMAGE_WIDTH)
        self.transformer = Blocks(IMAGE_WIDTH, IMAGE_LAYERS)
        self.ln_post = nn.LayerNorm(IMAGE_WIDTH)
        self.proj = matrix(IMAGE_WIDTH, SHARED)

    def forward(self, pixels):
        x = self.conv1(pixels).flatten(2).transpose(1, 2)
        token = self.class_embedding.expand(x.shape[0], 1, -1)
        x = torch.cat([token, x], 1) + self.positional_embedding
        x = self.transformer(self.ln_pre(x))
        return (self.ln_post(x[:, 0]) @ self.proj,
                self.ln_post(x) @ self.proj)


class Clip(nn.Module):
    """Both encoders return (global [B, d], local [B, T, d])."""

    def __init__(self):
        super().__init__()
        causal = torch.full((CONTEXT, CONTEXT), float("-inf")).triu(1)
        self.visual = ImageTower()
        self.transformer = Blocks(TEXT_WIDTH, TEXT_LAYERS, causal)
        self.token_embedding = nn.Embedding(VOCABULARY, TEXT_WIDTH)
        self.positional_embedding = matrix(CONTEXT, TEXT_WIDTH)
        self.ln_final = nn.LayerNorm(TEXT_WIDTH)
        self.text_projection = matrix(TEXT_WIDTH, SHARED)

    def encode_image(self, pixels):
        return self.visual(pixels)

    def encode_text(self, ids):
        x = self.token_embedding(ids) + self.positional_embedding
        x = self.ln_final(self.transformer(x))
        return (rows_of_ends(x, ids) @ self.text_projection,
                x @ self.text_projection)


def rows_of_ends(x, ids):
    """The rows of the end-of-text tokens, the highest ids."""
    return x[torch.arange(x.shape[0]), ids.argmax(-1)]


class RmsNorm(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(SHARED))

    def forward(self, x):
        return self.weight * x * torch.rsqrt(
            x.pow(2).mean(-1, keepdim=True) + 1e-6)


class T5Attention(nn.Module):
    """Without the division by the square root of the heads' width."""

    def __init__(self, has_bias):
        super().__init__()
        inner = UNION_HEADS * HEAD_WIDTH
        self.q = nn.Linear(SHARED, inner, bias=False)
        self.k = nn.Linear(SHARED, inner, bias=False)
        self.v = nn.Linear(SHARED, inner, bias=False)
        self.o = nn.Linear(inner, SHARED, bias=False)
        if has_bias:
            self.relative_attention_bias = nn.Embedding(BUCKETS, UNION_HEADS)

    def forward(self, x, bias):
        def heads(y):
            return y.view(*x.shape[:2], UNION_HEADS, -1).transpose(1, 2)

        scores = heads(self.q(x)) @ heads(self.k(x)).transpose(2, 3) + bias
        weights = F.dropout(scores.softmax(-1), DROPOUT)
        mixed = weights @ heads(self.v(x))
        return self.o(mixed.transpose(1, 2).flatten(2))


class FeedForward(nn.Module):
    def __init__(self):
        super().__init__()
        self.wi = nn.Linear(SHARED, FEED_FORWARD, bias=False)
        self.wo = nn.Linear(FEED_FORWARD, SHARED, bias=False)

    def forward(self, x):
        return self.wo(F.dropout(F.relu(self.wi(x)), DROPOUT))


class T5Layer(nn.Module):
    """One half of a block, under the names of its state dict."""

    def __init__(self, name, inner):
        super().__init__()
        self.name = name
        self.add_module(name, inner)
        self.layer_norm = RmsNorm()

    def forward(self, x, *rest):
        inner = getattr(self, self.name)
        return x + F.dropout(inner(self.layer_norm(x), *rest), DROPOUT)


class T5Block(nn.Module):
    def __init__(self, has_bias):
        super().__init__()
        self.layer = nn.ModuleList([
            T5Layer("SelfAttention", T5Attention(has_bias)),
            T5Layer("DenseReluDense", FeedForward())])

    def forward(self, x, bias):
        return self.layer[1](self.layer[0](x, bias))


class T5Stack(nn.Module):
    """x: [B, 2, d]."""

    def __init__(self):
        super().__init__()
        self.block = nn.ModuleList(
            [T5Block(i == 0) for i in range(UNION_LAYERS)])
        self.final_layer_norm = RmsNorm()

    def forward(self, x):
        attention = self.block[0].layer[0].SelfAttention
        # The buckets of distance 0, 1 and -1.
        buckets = torch.tensor([[0, BUCKETS // 2 + 1], [1, 0]])
        bias = attention.relative_attention_bias(buckets).permute(2, 0, 1)
        x = F.dropout(x, DROPOUT)
        for block in self.block:
            x = block(x, bias)
        return F.dropout(self.final_layer_norm(x), DROPOUT)


class Union(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = Clip()
        self.fusion = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(
                SHARED, FUSION_HEADS, FEED_FORWARD, DROPOUT, activation="gelu",
                batch_first=True, norm_first=True), FUSION_LAYERS)
        self.combiner_layer = nn.Linear(2 * SHARED, 8 * SHARED)
        self.output_layer = nn.Linear(8 * SHARED, SHARED)
        self.weighted_layer = nn.Linear(SHARED, 3)
        self.sep_token = nn.Parameter(torch.randn(1, 1, SHARED))
        self.t5_layers = T5Stack()
        self.union_weighted_layer = nn.Sequential(
            nn.Linear(2 * SHARED, 4 * SHARED), nn.Dropout(DROPOUT / 2),
            nn.Sigmoid(),
            nn.Linear(4 * SHARED, SHARED), nn.Dropout(DROPOUT / 2),
            nn.Sigmoid(),
            nn.Linear(SHARED, 1))

    def fuse(self, image, text, ids):
        """The query from what both encoders returned."""
        sequence = torch.cat(
            [text[1], self.sep_token.expand(len(ids), 1, -1), image[1]], 1)
        padding = torch.zeros(sequence.shape[:2])
        padding[:, :ids.shape[1]] = ids == 0  # a float mask: it is added
        mixed = self.fusion(sequence, src_key_padding_mask=padding)
        pair = torch.cat(
            [mixed[:, ids.shape[1] + 1], rows_of_ends(mixed, ids)], -1)
        f = self.output_layer(F.dropout(
            F.relu(self.combiner_layer(pair)), DROPOUT))
        w = self.weighted_layer(f)
        return F.normalize(
            w[:, 0:1] * text[0] + w[:, 1:2] * f + w[:, 2:3] * image[0], dim=-1)

    def union(self, image, text):
        """U of global features, [B, d] each."""
        hidden = self.t5_layers(torch.stack([image, text], 1))
        w = self.union_weighted_layer(hidden.flatten(1))
        return F.normalize(w * image + (1 - w) * text, dim=-1)

    def union_of(self, pixels, ids):
        return self.union(self.model.encode_image(pixels)[0],
                          self.model.encode_text(ids)[0])

    # What is computed and not read is part of the reference's step, and so is
    # the time for which it is kept: hence the names for results of no use.
    def reference_query(self, pixels, ids):
        image = self.model.encode_image(pixels)
        text = self.model.encode_text(ids)
        unused = self.union_of(pixels, ids)
        return self.fuse(image, text, ids)

    def reference(self, batch):
        """Logits [B, B]."""
        query = self.reference_query(batch.reference, batch.ids)
        empty = batch.empty.expand(len(batch.target), -1)
        unused_text = self.model.encode_text(empty)[0]
        target = F.normalize(self.model.encode_image(batch.target)[0], dim=-1)
        target = self.union_of(batch.target, empty)
        unused = self.union_of(batch.reference, batch.ids)
        return 100 * query @ target.T

    def lean(self, batch):
        """Logits [B, B]."""
        image = self.model.encode_image(batch.reference)
        text = self.model.encode_text(batch.ids)
        query = self.fuse(image, text, batch.ids)
        target = self.model.encode_image(batch.target)[0]
        empty = self.model.encode_text(batch.empty)[0]
        return 100 * query @ self.union(target, empty.expand_as(target)).T


class Batch:
    def __init__(self, size):
        self.reference = torch.randn(size, 3, SIDE, SIDE)
        self.target = torch.randn(size, 3, SIDE, SIDE)
        self.ids = torch.stack([token_ids(i) for i in
                                torch.randint(5, 30, (size,)).tolist()])
        self.empty = token_ids(0)[None]


def token_ids(words):
    begin, end = VOCABULARY - 2, VOCABULARY - 1
    ids = torch.zeros(CONTEXT, dtype=torch.long)
    ids[0] = begin
    ids[1:words + 1] = torch.randint(1, begin, (words,))
    ids[words + 1] = end
    return ids


def optimiser_of(model):
    backbone = list(model.model.parameters())
    known = {id(p) for p in backbone}
    new = [p for p in model.parameters() if id(p) not in known]
    return torch.optim.AdamW(
        [{"params": new, "lr": 1e-4}, {"params": backbone, "lr": 1e-6}],
        eps=1e-6, weight_decay=0.05)


def step(model, optimiser, way, batch):
    optimiser.zero_grad()
    logits = getattr(model, way)(batch)
    loss = F.cross_entropy(logits, torch.arange(len(logits)))
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 5)
    optimiser.step()
    return loss.item()


def peak_memory_kib():
    status = pathlib.Path("/proc/self/status").read_text(encoding="utf-8")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1))


def measure(options):
    torch.manual_seed(0)
    torch.set_num_threads(options.threads)
    rate, _ = torch_peer.check_blas()
    model = Union().train()
    optimiser = optimiser_of(model)
    seconds = []
    for _ in range(options.steps + 1):
        batch = Batch(options.batch)
        start = time.perf_counter()
        step(model, optimiser, options.way, batch)
        seconds.append(time.perf_counter() - start)
    return {"way": options.way, "torch": torch.__version__,
            "threads": options.threads, "batch": options.batch,
            "gflops": round(rate), "seconds": seconds[1:],
            "peak_kib": peak_memory_kib()}


def in_words(result):
    return (f"torch {result['torch']} {result['way']:9} "
            f"batch {result['batch']}, {result['threads']} thread(s), "
            f"{result['gflops']} GFLOP/s: median of {len(result['seconds'])} "
            f"{statistics.median(result['seconds']):.2f} s/step, peak "
            f"{result['peak_kib'] / 1024:.0f} MiB")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--way", choices=WAYS)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.way is None:
        for way in WAYS:
            subprocess.run([sys.executable, *sys.argv, "--way", way],
                           check=True)
        return
    result = measure(options)
    print(json.dumps(result) if options.json else in_words(result))


if __name__ == "__main__":
    main()

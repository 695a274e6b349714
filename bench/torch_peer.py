#!/usr/bin/python3
"""The tower of engine_bench.cpp in PyTorch: ViT-B/32's image tower in OpenAI's
shapes with random weights, float32, images per second at batch 1, 8 and 32.

    bench/torch_peer.py [THREADS [ROUNDS]]

Run it with Debian's Python (python3-torch with libopenblas0-openmp). It stops
where PyTorch multiplies by the reference BLAS, which is some 75 times slower.
"""

import statistics
import sys
import time

import torch
from torch import nn

SIDE, PATCH, WIDTH, HEADS, LAYERS, SHARED = 224, 32, 768, 12, 12, 512
TOKENS = (SIDE // PATCH) ** 2 + 1


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1 = nn.LayerNorm(WIDTH)
        self.attention = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True)
        self.norm2 = nn.LayerNorm(WIDTH)
        self.up = nn.Linear(WIDTH, 4 * WIDTH)
        self.down = nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x):
        h = self.norm1(x)
        x = x + self.attention(h, h, h, need_weights=False)[0]
        h = self.up(self.norm2(x))
        return x + self.down(h * torch.sigmoid(1.702 * h))


class Tower(nn.Module):
    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, WIDTH, PATCH, PATCH, bias=False)
        self.class_token = nn.Parameter(torch.randn(1, 1, WIDTH) * 0.1)
        self.positions = nn.Parameter(torch.randn(TOKENS, WIDTH) * 0.1)
        self.before = nn.LayerNorm(WIDTH)
        self.blocks = nn.Sequential(*[Block() for _ in range(LAYERS)])
        self.after = nn.LayerNorm(WIDTH)
        self.projection = nn.Linear(WIDTH, SHARED, bias=False)

    def forward(self, pixels):
        x = self.patches(pixels).flatten(2).transpose(1, 2)
        token = self.class_token.expand(x.shape[0], -1, -1)
        x = self.before(torch.cat([token, x], 1) + self.positions)
        x = self.projection(self.after(self.blocks(x)[:, 0]))
        return nn.functional.normalize(x, dim=-1)


def loaded_libraries():
    with open("/proc/self/maps", encoding="utf-8") as maps:
        return {line.split()[-1] for line in maps if ".so" in line}


def check_blas():
    """Stops unless products run at the speed of an optimised library."""
    fast = ("openblas", "mkl", "blis")
    blas = [name for name in loaded_libraries() if "blas" in name.lower()]
    if blas and not any(word in name for name in blas for word in fast):
        sys.exit(f"reference BLAS in use ({', '.join(sorted(blas))}): "
                 "install libopenblas0-openmp")
    a = torch.randn(768, 768)
    a @ a
    start = time.perf_counter()
    for _ in range(5):
        a @ a
    rate = 5 * 2 * 768**3 / (time.perf_counter() - start) / 1e9
    if rate < 8:
        sys.exit(f"products at {rate:.1f} GFLOP/s: this is no optimised BLAS, "
                 "or the machine is busy")
    return rate, sorted(name.rsplit("/", 1)[-1] for name in blas)


def main():
    threads = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    torch.set_num_threads(threads)
    rate, blas = check_blas()
    print(f"PyTorch {torch.__version__}, {threads} thread(s), "
          f"{' '.join(blas)}: {rate:.0f} GFLOP/s, median of {rounds}")
    tower = Tower().eval()
    with torch.inference_mode():
        for images in (1, 8, 32):
            pixels = torch.randn(images, 3, SIDE, SIDE)
            times = []
            for i in range(rounds + 1):
                start = time.perf_counter()
                tower(pixels)
                if i > 0:
                    times.append(time.perf_counter() - start)
            print(f"torch  f32 {images:6} "
                  f"{images / statistics.median(times):10.1f}", flush=True)


if __name__ == "__main__":
    main()

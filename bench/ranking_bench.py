#!/usr/bin/python3
"""The ranking of a benchmark of drawings beside the same in PyTorch: random
vectors in the size of QuickDraw (92,291 questions, 54,151 photos of 30 classes,
width 512), the metrics that its table has. Prints seconds, peak memory, and how
many times as fast igrot is; stops where the metrics differ.

    bench/ranking_bench.py RANKING_BENCH [THREADS [QUERIES GALLERY]]
"""
import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np
import torch

WIDTH, CLASSES, BLOCK = 512, 30, 512


def unit_rows(random, count, centres):
    """Rows around their class's centre, and their classes."""
    classes = random.integers(0, CLASSES, count)
    rows = random.standard_normal((count, WIDTH), dtype=np.float32)
    rows += 0.25 * centres[classes]
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows, classes.astype(np.float32)


def with_pytorch(queries, gallery, classes, gallery_classes):
    """Whole rankings, a block of questions at a time."""
    ranks = torch.arange(1, len(gallery) + 1, dtype=torch.float64)
    totals = {"P@100": 0.0, "P@200": 0.0, "mAP trapezoidal": 0.0}
    for at in range(0, len(queries), BLOCK):
        scores = queries[at:at + BLOCK] @ gallery.T
        order = scores.argsort(dim=1, descending=True)
        right = gallery_classes[order] == classes[at:at + BLOCK, None]
        found = right.cumsum(1, dtype=torch.float64)
        for k in (100, 200):
            totals[f"P@{k}"] += (found[:, k - 1] / k).sum().item()
        precision = found / ranks
        before = (found - 1) / (ranks - 1).clamp(min=1)
        before[:, 0] = 1
        steps = torch.where(right, (precision + before) / 2, 0.0)
        totals["mAP trapezoidal"] += (steps.sum(1) / found[:, -1]).sum().item()
    return {name: 100 * total / len(queries) for name, total in totals.items()}


def main():
    program = sys.argv[1]
    threads = sys.argv[2] if len(sys.argv) > 2 else str(torch.get_num_threads())
    sizes = [int(size) for size in sys.argv[3:5]] or [92291, 54151]
    torch.set_num_threads(int(threads))
    random = np.random.default_rng(0)
    centres = random.standard_normal((CLASSES, WIDTH), dtype=np.float32)
    with tempfile.TemporaryDirectory() as name:
        files = [pathlib.Path(name, f"{i}.npy") for i in range(4)]
        arrays = [*unit_rows(random, sizes[0], centres),
                  *unit_rows(random, sizes[1], centres)]
        arrays = [arrays[0], arrays[2], arrays[1], arrays[3]]
        for file, array in zip(files, arrays):
            np.save(file, array)
        ours = json.loads(subprocess.check_output([program, *files, threads]))
    begin = time.perf_counter()
    theirs = with_pytorch(*(torch.from_numpy(array) for array in
                            (arrays[0], arrays[1], arrays[2], arrays[3])))
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"igrot    {ours['seconds']:8.1f} s  {ours['peak_mib']:6} MiB")
    print(f"PyTorch  {seconds:8.1f} s  {peak:6} MiB")
    print(f"igrot is {seconds / ours['seconds']:.1f} times as fast")
    for metric, value in theirs.items():
        print(f"{metric}: {ours[metric]:.4f}, PyTorch {value:.4f}")
        if abs(ours[metric] - value) > 1e-3:
            sys.exit("the metrics differ")


if __name__ == "__main__":
    main()

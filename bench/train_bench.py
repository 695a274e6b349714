#!/usr/bin/python3
"""A UNION training step over ViT-B/32 by igrot and by PyTorch: seconds a step,
peak memory, and igrot's share of time spent waiting for pictures.

    bench/train_bench.py [PROGRAM] [--threads N] [--steps N] [--rounds N]
                         [--batch N]      (default: build/release/bin/igrot)

igrot trains a fresh model from a folder of JPEGs of 640 x 480: its steps
include reading, decoding and preparing them, and its peak memory the writing
of the model at the end. PyTorch (train_peer.py, both ways) gets its pixels as
random numbers, free of charge. The same shapes, batch, number type, dropout
and threads; rounds alternate; the first step of every run is dropped; medians.

Needs python3-pil, python3-numpy and what train_peer.py needs.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image

import train_peer

WIDTH, HEIGHT = 640, 480
SPARE_BATCHES = 2  # the first step, and one so that no epoch ends in between


def photo(number):
    """Large fields of colour and fine texture, as photographs compress."""
    random = np.random.default_rng(number)
    fields = random.integers(0, 256, (6, 8, 3), dtype=np.uint8)
    smooth = Image.fromarray(fields).resize((WIDTH, HEIGHT), Image.BICUBIC)
    texture = random.normal(0, 12, (HEIGHT, WIDTH, 1))
    mixed = np.clip(np.asarray(smooth) + texture, 0, 255)
    return Image.fromarray(mixed.astype(np.uint8))


def make_triplets(folder, count):
    """A JSONL of `count` triplets, each with two pictures of its own."""
    for i in range(2 * count):
        photo(i).save(folder / f"{i}.jpg", quality=90)
    lines = [json.dumps({"reference": f"{2 * i}.jpg",
                         "text": f"the same place in colour {i}, but brighter",
                         "target": f"{2 * i + 1}.jpg"}) for i in range(count)]
    (folder / "triplets.jsonl").write_text("\n".join(lines) + "\n",
                                           encoding="utf-8")


def configuration(options):
    return f"""
[model]
target = "union"
[model.new]
width = {train_peer.SHARED}
side = {train_peer.SIDE}
patch = {train_peer.PATCH}
image_width = {train_peer.IMAGE_WIDTH}
image_layers = {train_peer.IMAGE_LAYERS}
text_width = {train_peer.TEXT_WIDTH}
text_layers = {train_peer.TEXT_LAYERS}
context = {train_peer.CONTEXT}
[data]
triplets = "triplets.jsonl"
[train]
encoder = "both"
epochs = 1
batch_size = {options.batch}
dropout = {train_peer.DROPOUT}
precision = "f32"
device = "cpu"
max_steps = {options.steps + 1}
[checkpoint]
every_steps = 0
"""


def environment(threads):
    return {**os.environ, "OMP_NUM_THREADS": str(threads)}


def run_igrot(options, folder):
    (folder / "bench.toml").write_text(configuration(options),
                                       encoding="utf-8")
    with tempfile.TemporaryDirectory(dir=folder) as out:
        process = subprocess.Popen(
            [options.program, "train", folder / "bench.toml", "--out",
             f"{out}/run", "--quiet", "--threads", str(options.threads)],
            env=environment(options.threads), stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{options.program} train failed")
        lines = pathlib.Path(out, "run", "steps.jsonl").read_text(
            encoding="utf-8").splitlines()
    steps = [json.loads(line) for line in lines][1:]
    return {"seconds": [s["seconds"] for s in steps],
            "waiting": sum(s["waiting_seconds"] for s in steps),
            "peak_kib": usage.ru_maxrss}


def run_peer(options, way):
    peer = pathlib.Path(__file__).with_name("train_peer.py")
    done = subprocess.run(
        [peer, "--json", "--way", way, "--threads", str(options.threads),
         "--steps", str(options.steps), "--batch", str(options.batch)],
        env=environment(options.threads), stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def print_table(rows):
    """rows: name -> results of its rounds; igrot's come first."""
    print(f"{'':20} {'s/step':>8} {'/ igrot':>8} {'peak MiB':>9}")
    base = None
    for name, rounds in rows.items():
        median = statistics.median(s for r in rounds for s in r["seconds"])
        base = base or median
        peak = max(r["peak_kib"] for r in rounds) / 1024
        print(f"{name:20} {median:8.2f} {median / base:8.2f} {peak:9.0f}")
    seconds = sum(s for r in rows["igrot"] for s in r["seconds"])
    waiting = sum(r["waiting"] for r in rows["igrot"])
    print(f"igrot waited for pictures {100 * waiting / seconds:.1f} % "
          "of the time")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?",
                        default="build/release/bin/igrot")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--batch", type=int, default=32)
    options = parser.parse_args()
    rows = {"igrot": [], **{f"PyTorch, {w}": [] for w in train_peer.WAYS}}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make_triplets(folder, options.batch * (options.steps + SPARE_BATCHES))
        for _ in range(options.rounds):
            rows["igrot"].append(run_igrot(options, folder))
            for way in train_peer.WAYS:
                rows[f"PyTorch, {way}"].append(run_peer(options, way))
    print(f"f32, batch {options.batch}, {options.threads} thread(s), median of "
          f"{options.rounds} x {options.steps} steps")
    print_table(rows)


if __name__ == "__main__":
    main()

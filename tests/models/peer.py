"""What the tests beside other libraries have in common."""

import json
import subprocess
import sys

import numpy as np

igrot = sys.argv[1]


def run(*words, **options):
    return subprocess.run([igrot, *map(str, words)], check=True, **options)


def embed(folder, model, what, *inputs):
    out = folder / f"{what}.npy"
    run("embed", "--model", model, "--what", what, *inputs, "--out", out)
    return np.load(out)


def tokens(texts, *options):
    """The lines of `igrot tokenize`."""
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    done = run("tokenize", *options, input=lines, capture_output=True,
               text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def write_texts(path, texts):
    path.write_text("".join(json.dumps(text) + "\n" for text in texts))
    return path


def near(actual, expected, what):
    expected = expected.detach().numpy()
    assert actual.shape == expected.shape, f"{what}: {actual.shape}"
    excess = np.abs(actual - expected) - 5e-5 - 2e-5 * np.abs(expected)
    assert excess.max() <= 0, f"{what}: {excess.max()} over the tolerance"
    assert np.abs(expected).max() > 1e-3, f"{what} is nothing"

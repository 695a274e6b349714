"""Runs igrot over files that mean harm and measures each run.

Every file is read by the verb that is for its kind, in a process of its own:
it has to end by itself with one of the exit codes for foreign files, within
2 s of processor time (but for sound pictures at the limit) and 1 GiB. The files are those below GOLDENS
that are bad, those made here, and those in folders named after fuzz targets
below --corpora (build/fuzz/corpus).

    hostile_files.py IGROT GOLDENS [--corpora DIR] [--show N]
"""

import argparse
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import hostile_samples

SECONDS, KIBIBYTES = 2, 1 << 20

# Sound pictures at the limit of their size take as long as all their pixels.
BOMB_SECONDS = 10

# Done, usage, not found, corrupt, unsupported, the system refused, skipped.
EXIT_CODES = {0, 2, 3, 4, 5, 6, 7}

# Arguments by kind; {} is the file.
VERBS = {
    "bomb": [["decode", "{}"]],
    "picture": [["decode", "{}"], ["decode", "--icc", "apply", "{}"]],
    "checkpoint": [["model", "info", "{}", "--tensors", "--hash", "--json"]],
    "npy": [["metrics", "--scores", "{}", "--labels", "{}"],
            ["metrics", "--ranking", "{}", "--labels", "{}"]],
    "submission": [["submit", "check", "{}"]],
    "settings": [["config"]],
    "gallery": [["gallery", "check", "--gallery", "{}"]],
    "train_config": [["train", "{}", "--dry-run"]],
    "text": [["tokenize", "--tokenizer", "clip"],
             ["tokenize", "--tokenizer", "bert"]],
}

# Fuzz targets whose inputs are whole files of a kind.
CORPORA = {"picture": "picture", "checkpoint": "checkpoint", "npy": "npy",
           "train_config": "train_config"}


class Measured:
    def __init__(self, kind, name, arguments, code, seconds, kibibytes, error):
        self.kind, self.name, self.arguments = kind, name, arguments
        self.code, self.seconds, self.kibibytes = code, seconds, kibibytes
        self.error = error

    def is_sound(self):
        seconds = BOMB_SECONDS if self.kind == "bomb" else SECONDS
        return (self.code in EXIT_CODES and self.seconds <= seconds
                and self.kibibytes < KIBIBYTES)

    def __str__(self):
        return (f"{self.kind:12} {self.seconds:6.2f} s {self.kibibytes >> 10:5} "
                f"MiB  exit {self.code:3}  {self.name}  {self.error}")


def run(program, kind, path, arguments, folder):
    """One run: processor time and peak memory of the process."""
    given = [str(path) if part == "{}" else part for part in arguments]
    where = path.parent if kind == "settings" else folder
    source = open(path, "rb") if kind == "text" else subprocess.DEVNULL
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [program, *given], stdin=source, stdout=subprocess.DEVNULL,
            stderr=errors, cwd=where,
            env={**os.environ, "XDG_CONFIG_HOME": str(folder)})
        deadline = time.monotonic() + 60
        used = None
        while used is None:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                used = usage
                process.returncode = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > deadline:
                os.kill(process.pid, signal.SIGKILL)
            else:
                time.sleep(0.001)
        errors.seek(0)
        words = errors.read(300).decode(errors="replace").strip()
    return Measured(kind, path.name, given, process.returncode,
                    used.ru_utime + used.ru_stime, used.ru_maxrss,
                    words.split("\n")[-1][-120:])


def files(program, options, folder):
    for path in sorted(options.goldens.glob("*/bad/*")):
        yield "checkpoint", path
    for path in sorted(options.goldens.glob("image/sources/bad_*")):
        yield "picture", path
    yield from hostile_samples.write_all(folder, program)
    for target, kind in CORPORA.items():
        if options.corpora:
            for path in sorted((options.corpora / target).glob("*")):
                yield kind, path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("goldens", type=pathlib.Path)
    parser.add_argument("--corpora", type=pathlib.Path)
    parser.add_argument("--show", type=int, default=5)
    options = parser.parse_args()
    program = os.path.abspath(options.program)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        done = []
        for kind, path in files(program, options, folder):
            for arguments in VERBS[kind]:
                done.append(
                    run(program, kind, path.absolute(), arguments, folder))
                if not done[-1].is_sound():
                    print(f"not well: {done[-1]}", flush=True)
    for title, key in (("longest", "seconds"), ("largest", "kibibytes")):
        print(f"{title}:")
        for each in sorted(done, key=lambda x: -getattr(x, key))[:options.show]:
            print(f"  {each}")
    bad = sum(not each.is_sound() for each in done)
    print(f"{len(done)} runs, {bad} over a limit or without an answer")
    return 1 if bad or not done else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/python3
"""Anonymous memory while indexing: the largest RssAnon for 1,000 pictures and
for 20,000, and their ratio.

    bench/index_memory.py [PROGRAM]      (default: build/release/bin/igrot)
"""
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

WIDTH, HEIGHT = 320, 240


def make_pictures(folder, count):
    """PPM pictures, each with other bytes."""
    folder.mkdir()
    noise = random.Random(0).randbytes(WIDTH * HEIGHT * 3)
    for i in range(count):
        body = i.to_bytes(4, "big") + noise[4:]
        (folder / f"picture-{i:05}.ppm").write_bytes(
            b"P6 %d %d 255\n" % (WIDTH, HEIGHT) + body)


def largest_anonymous_kib(program, folder):
    with tempfile.TemporaryDirectory() as gallery:
        process = subprocess.Popen([program, "index", "--quiet", "--gallery",
                                    f"{gallery}/g", folder],
                                   stdout=subprocess.DEVNULL)
        largest = 0
        while process.poll() is None:
            try:
                status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            except OSError:
                break
            found = re.search(r"RssAnon:\s+(\d+)", status)
            largest = max(largest, int(found.group(1)) if found else 0)
            time.sleep(0.01)
        if process.wait() != 0:
            sys.exit(f"{program} index failed")
        return largest


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else "build/release/bin/igrot"
    with tempfile.TemporaryDirectory() as name:
        figures = []
        for count in (1_000, 20_000):
            folder = pathlib.Path(name) / str(count)
            make_pictures(folder, count)
            figures.append(largest_anonymous_kib(program, folder))
            print(f"{count:6} pictures: RssAnon at most {figures[-1]} KiB")
        print(f"ratio {figures[1] / figures[0]:.3f}")


if __name__ == "__main__":
    main()

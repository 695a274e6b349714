"""Small ICC profiles, written byte by byte. Source: ICC.1:2022.

    profiles.py FOLDER    writes them there, for script/fuzz to start from
"""

import pathlib
import struct
import sys


def s15(value):
    return struct.pack(">i", round(value * 65536))


def xyz(values):
    return b"XYZ \0\0\0\0" + b"".join(map(s15, values))


def gamma(value):
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256)) + b"\0\0"


def text(kind, value):
    if kind == b"desc":
        return (b"desc\0\0\0\0" + struct.pack(">I", len(value) + 1)
                + value + b"\0" + b"\0" * 78)
    return b"text\0\0\0\0" + value + b"\0"


def profile(device, space, connection, tags):
    """device, space, connection: four letters each."""
    tags = {b"desc": text(b"desc", b"test"), b"cprt": text(b"text", b"none"),
            b"wtpt": xyz([0.9642, 1.0, 0.8249]), **tags}
    table, data = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, value in tags.items():
        table += name + struct.pack(">II", start + len(data), len(value))
        data += value + b"\0" * (-len(value) % 4)
    size = start + len(data)
    header = struct.pack(
        ">I4sI4s4s4s12s4s4sIIIQI", size, b"lcms", 0x02400000, device, space,
        connection, struct.pack(">6H", 2000, 1, 1, 0, 0, 0), b"acsp", b"APPL",
        0, 0, 0, 0, 0)
    header += b"".join(map(s15, [0.9642, 1.0, 0.8249])) + b"lcms"
    return header.ljust(128, b"\0") + table + data


SRGB_PRIMARIES = [(0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971),
                  (0.1431, 0.0606, 0.7141)]
WIDE_PRIMARIES = [(0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609),
                  (0.1492, 0.0632, 0.7446)]


def rgb(primaries, exponent):
    tags = {}
    for name, values in zip("rgb", primaries):
        tags[f"{name}XYZ".encode()] = xyz(values)
        tags[f"{name}TRC".encode()] = gamma(exponent)
    return profile(b"mntr", b"RGB ", b"XYZ ", tags)


def gray(exponent):
    return profile(b"mntr", b"GRAY", b"XYZ ", {b"kTRC": gamma(exponent)})


def cmyk():
    """Inks that darken and tint a little otherwise than plain arithmetic."""
    line = bytes(range(256))
    matrix = b"".join(map(s15, [1, 0, 0, 0, 1, 0, 0, 0, 1]))
    nodes = b""
    for node in range(16):
        c, m, y, k = (node >> shift & 1 for shift in (3, 2, 1, 0))
        light = 255 * (1 - 0.9 * k) * (1 - 0.3 * c) * (1 - 0.4 * m) * (1 - 0.1 * y)
        nodes += bytes([round(light), 128 + 50 * m - 40 * c, 128 + 60 * y - 40 * c])
    table = (b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + matrix + line * 4 + nodes
             + line * 3)
    return profile(b"prtr", b"CMYK", b"Lab ", {b"A2B0": table})


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, profile in {
            "gray": gray(2.2), "linear": rgb(SRGB_PRIMARIES, 1.0),
            "wide": rgb(WIDE_PRIMARIES, 2.2), "ink": cmyk()}.items():
        (folder / f"{name}.icc").write_bytes(profile)


if __name__ == "__main__":
    main()

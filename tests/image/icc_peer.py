"""Colour profiles: igrot's pixels against PIL's ImageCms, of every format that
carries a profile here. Exits with 77 where PIL or its ImageCms is missing.

    icc_peer.py IGROT
"""

import hashlib
import io
import json
import pathlib
import subprocess
import sys
import tempfile

import profiles

try:
    from PIL import Image, ImageCms
except ImportError:
    print("without python3-pil")
    sys.exit(77)

MODES = {"L": 1, "RGB": 3, "RGBA": 4, "CMYK": 4}


def drawing(mode):
    """Many colours, in order."""
    side, bands = 64, MODES[mode]
    values = bytes((x * (3 * band + 1) + y * (5 - band) + 40 * band) % 256
                   for y in range(side) for x in range(side)
                   for band in range(bands))
    return Image.frombytes(mode, (side, side), values)


def by_pil(picture, profile):
    mode = {"L": "RGB", "CMYK": "RGB"}.get(picture.mode, picture.mode)
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    return ImageCms.profileToProfile(
        picture, source, ImageCms.createProfile("sRGB"), renderingIntent=0,
        outputMode=mode)


def by_igrot(program, path, choice="apply"):
    run = subprocess.run([program, "decode", path, "--jsonl", "--icc", choice],
                         capture_output=True, text=True)
    return json.loads(run.stdout)


def cases():
    gray = {"gray 1.0": profiles.gray(1.0), "gray 2.2": profiles.gray(2.2)}
    rgb = {"sRGB": ImageCms.ImageCmsProfile(
               ImageCms.createProfile("sRGB")).tobytes(),
           "linear": profiles.rgb(profiles.SRGB_PRIMARIES, 1.0),
           "wide": profiles.rgb(profiles.WIDE_PRIMARIES, 2.2)}
    ink = {"ink": profiles.cmyk()}
    for name, profile in gray.items():
        for suffix in ("png", "jpg", "tif"):
            yield "L", suffix, name, profile
    for name, profile in rgb.items():
        for suffix in ("png", "jpg", "tif", "webp"):
            yield "RGB", suffix, name, profile
        for suffix in ("png", "webp"):
            yield "RGBA", suffix, name, profile
    for name, profile in ink.items():
        for suffix in ("jpg", "tif"):
            yield "CMYK", suffix, name, profile


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def main():
    program = sys.argv[1]
    wrong = count = 0
    with tempfile.TemporaryDirectory() as folder:
        for mode, suffix, name, profile in cases():
            path = pathlib.Path(folder) / f"picture.{suffix}"
            drawing(mode).save(path, icc_profile=profile)
            with Image.open(path) as picture:
                picture.load()
                plain = picture.copy()
            if picture.info.get("icc_profile") != profile:
                raise SystemExit(f"PIL did not keep the profile of {path.name}")
            expected = by_pil(plain, profile)
            found = by_igrot(program, path)
            ignored = by_igrot(program, path, "ignore")
            same = (found.get("mode") == expected.mode
                    and found["sha256_native"] == sha256(expected.tobytes())
                    and ignored["sha256_native"] == sha256(plain.tobytes()))
            count += 1
            wrong += not same
            if not same:
                print(f"{mode} {suffix} {name}: {found}, expected "
                      f"{expected.mode} {sha256(expected.tobytes())}")
        palette = drawing("RGB").convert("P", palette=Image.ADAPTIVE)
        path = pathlib.Path(folder) / "palette.png"
        profile = profiles.rgb(profiles.WIDE_PRIMARIES, 2.2)
        palette.save(path, icc_profile=profile)
        expected = by_pil(palette.convert("RGB"), profile)
        count += 1
        if by_igrot(program, path)["sha256_rgb"] != sha256(expected.tobytes()):
            wrong += 1
            print("the palette differs")
    print(f"{count - wrong} of {count} equal")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())

"""What Pillow makes of a picture file: format, mode, size, hashes of pixels."""
import contextlib
import hashlib
import logging
import os
import warnings

from PIL import Image

VERSION = "9.4.0"


@contextlib.contextmanager
def silence():
    """Keeps Pillow's warnings, and what libtiff prints, from the terminal."""
    logging.disable()
    stderr = os.dup(2)
    with warnings.catch_warnings(), open(os.devnull, "wb") as nowhere:
        warnings.simplefilter("ignore")
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def is_claimed(name, prefix):
    """Whether Pillow's reader of that format takes the file for one."""
    accepts = Image.OPEN[name][1]
    # A text says which part of Pillow is missing.
    answer = accepts(prefix) if accepts else False
    return bool(answer) and not isinstance(answer, str)


def claimed_format(file, formats):
    """Which of the formats a file that Pillow refuses looks like, or None."""
    with open(file, "rb") as stream:
        prefix = stream.read(16)
    return next((name for name in formats
                 if name in Image.OPEN and is_claimed(name, prefix)), None)


def pixels_of(image):
    image.load()
    return {"mode": image.mode, "width": image.width, "height": image.height,
            "sha256_native": sha256(image.tobytes()),
            "sha256_rgb": sha256(image.convert("RGB").tobytes())}


def describe(file, formats):
    """The fields of `igrot decode --jsonl`, `error` where Pillow refuses. Of a
    picture in none of the formats no pixels are read."""
    Image.init()
    name = None
    try:
        with silence(), Image.open(file) as image:
            name = image.format
            if name not in formats:
                return {"format": name}
            return {"format": name, **pixels_of(image)}
    except Exception as error:  # Pillow lets any kind out
        return {"format": name or claimed_format(file, formats),
                "error": f"{type(error).__name__}: {error}"}

"""Draws every emoji by five hands, 72 pixels square on white.

Each drawing is cut to its ink, put into the middle of a square and scaled.
"""
import io
import multiprocessing
import pathlib
import re
import xml.etree.ElementTree as ET

import cairo
import gi
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops, ImageDraw, ImageFont

from . import sources

gi.require_version("Rsvg", "2.0")
from gi.repository import Rsvg  # noqa: E402

SIDE = 72
MARGIN = 1      # white around the ink, of SIDE
LARGE = 288     # pixels that vectors are drawn at before they are scaled
NOTO_SIZE = 109  # the one size of the font's bitmaps
SVG = "{http://www.w3.org/2000/svg}"


def finished(drawing):
    """The drawing as it is stored; nothing where there is no ink."""
    white = Image.new("RGB", drawing.size, "white")
    if drawing.mode == "RGBA":
        white.paste(drawing, mask=drawing.getchannel("A"))
        drawing = white
    else:
        drawing = drawing.convert("RGB")
    ink = ImageChops.difference(
        drawing, Image.new("RGB", drawing.size, "white")).getbbox()
    if ink is None:
        return None
    width, height = ink[2] - ink[0], ink[3] - ink[1]
    scale = (SIDE - 2 * MARGIN) / max(width, height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = drawing.crop(ink).resize(size, Image.Resampling.LANCZOS)
    square = Image.new("RGB", (SIDE, SIDE), "white")
    square.paste(small, ((SIDE - size[0]) // 2, (SIDE - size[1]) // 2))
    return square


def of_svg(data):
    handle = Rsvg.Handle.new_from_data(data)
    surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, LARGE, LARGE)
    box = Rsvg.Rectangle()
    box.x = box.y = 0
    box.width = box.height = LARGE
    handle.render_document(cairo.Context(surface), box)
    bytes_ = io.BytesIO()
    surface.write_to_png(bytes_)
    return Image.open(io.BytesIO(bytes_.getvalue())).convert("RGBA")


def of_glyph(font, text, size):
    canvas = Image.new("RGBA", size, (255, 255, 255, 0))
    pen = ImageDraw.Draw(canvas)
    left, top, right, bottom = pen.textbbox((0, 0), text, font=font,
                                            embedded_color=True)
    at = ((size[0] - right - left) // 2, (size[1] - bottom - top) // 2)
    pen.text(at, text, fill="black", font=font, embedded_color=True)
    return canvas


class Noto:
    """Sequences that the font lacks come out as several glyphs: left out."""

    def __init__(self, font):
        self.font = ImageFont.truetype(str(font), NOTO_SIZE,
                                       layout_engine=ImageFont.Layout.RAQM)
        self.one = self.font.getlength("😀")

    def draw(self, emoji):
        if self.font.getlength(emoji.text) > 1.2 * self.one:
            return None
        return of_glyph(self.font, emoji.text, (136, 128))


class OpenMoji:
    def __init__(self, folder):
        self.folder = folder

    def source(self, emoji):
        # Its files keep FE0F in sequences alone.
        for name in (emoji.code, re.sub("-FE0F", "", emoji.code)):
            path = self.folder / f"{name}.svg"
            if path.exists():
                return path.read_bytes()
        return None

    def draw(self, emoji):
        data = self.source(emoji)
        return of_svg(data) if data else None


class Line(OpenMoji):
    """The group "line" of OpenMoji's drawing, alone."""

    def draw(self, emoji):
        data = self.source(emoji)
        if not data:
            return None
        ET.register_namespace("", "http://www.w3.org/2000/svg")
        root = ET.fromstring(data)
        kept = [part for part in root
                if part.get("id") == "line" or part.tag == f"{SVG}defs"]
        for part in list(root):
            root.remove(part)
        root.extend(kept)
        return of_svg(ET.tostring(root))


class EmojiOne:
    def __init__(self, folder):
        self.folder = folder

    def draw(self, emoji):
        name = re.sub("-(FE0F|200D)", "", emoji.code)
        path = self.folder / f"{name}.svg"
        return of_svg(path.read_bytes()) if path.exists() else None


class Symbola:
    def __init__(self, font):
        self.known = TTFont(font).getBestCmap()
        self.font = ImageFont.truetype(str(font), LARGE * 2 // 3)

    def draw(self, emoji):
        points = [p for p in map(ord, emoji.text) if p != 0xFE0F]
        if len(points) != 1 or points[0] not in self.known:
            return None
        return of_glyph(self.font, chr(points[0]), (2 * LARGE, 2 * LARGE))


class Artists:
    """One of each hand; made in every process, for fonts do not travel."""
    now = None

    def __init__(self, openmoji, out):
        self.out = out
        self.hands = {
            "noto": Noto(sources.NOTO.path), "openmoji": OpenMoji(openmoji),
            "emojione": EmojiOne(sources.EMOJIONE.path),
            "line": Line(openmoji), "symbola": Symbola(sources.SYMBOLA.path)}


def start(openmoji, out):
    Artists.now = Artists(openmoji, out)


def draw_one(emoji):
    """Writes the drawings of one emoji; returns hand -> path from the root."""
    made = {}
    for hand, artist in Artists.now.hands.items():
        drawing = artist.draw(emoji)
        square = finished(drawing) if drawing else None
        if square is None:
            continue
        made[hand] = f"{hand}/{emoji.code}.png"
        square.save(Artists.now.out / made[hand], optimize=True)
    return made


def draw_all(emoji, openmoji, out, progress):
    """Draws every emoji, on all processors, and fills `drawings`. openmoji: the
    folder of its SVG files."""
    for hand in ("noto", "openmoji", "emojione", "line", "symbola"):
        pathlib.Path(out, hand).mkdir(parents=True, exist_ok=True)
    with multiprocessing.Pool(initializer=start,
                              initargs=(openmoji, out)) as pool:
        for done, made in enumerate(pool.imap(draw_one, emoji, chunksize=16)):
            emoji[done].drawings = made
            progress(done + 1, len(emoji))

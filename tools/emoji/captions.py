"""Pictures with words for contrastive pre-training, two hands a sample.

Words are Unicode's names and, of one sample an emoji, CLDR's keywords. A line
drawing shows no skin tone, so its words have none either.
"""
import xml.etree.ElementTree as ET

from .names import chance


def read_keywords(files):
    """Characters without FE0F -> CLDR's English keywords."""
    keywords = {}
    for file in files:
        for note in ET.parse(file).iter("annotation"):
            if note.get("type") != "tts":
                keywords[note.get("cp")] = note.text.split(" | ")
    return keywords


def words_of(emoji, keywords):
    """The name, and keywords that it does not hold."""
    found = keywords.get(emoji.text.replace("\ufe0f", ""), [])
    more = [k for k in found if k not in emoji.name and "skin tone" not in k]
    return ", ".join([emoji.name, *more[:5]])


def captions(emoji, keywords):
    """Samples of the seen emoji, in hash order."""
    rows = []

    def add(one, image, other, text):
        if image in one.drawings:
            row = {"image": one.drawings[image], "text": text}
            if other in one.drawings:
                row["other"] = one.drawings[other]
            rows.append((chance("caption", one.code, image, other), row))

    for one in emoji:
        if one.unseen:
            continue
        add(one, "noto", "openmoji", one.name)
        # One drawing a concept: those of its skin tones are the same.
        if not one.attributes.get("skin tone"):
            add(one, "openmoji", "noto", words_of(one, keywords))
            add(one, "line", "noto", one.concept)
            add(one, "openmoji", "line", one.concept)
        else:
            add(one, "noto", "line", one.concept)
    return [row for _, row in sorted(rows, key=lambda r: r[0])]

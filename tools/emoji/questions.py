"""Questions of a picture and words, and their right answers, from names.

Two emoji make a question when they share a base and differ in one attribute
("with dark skin tone"), or when they are siblings of a small subgroup ("a fox
instead").
"""
import collections
import itertools

from .names import chance

TRAINED = ("noto", "openmoji")          # hands that models are trained on
COLOURED = ("noto", "openmoji", "emojione")
LARGEST_SUBGROUP = 40                   # concepts
MOST_OF_A_KIND = {"train": 6000, "seen": 700, "unseen": 700}
HELD_OUT = 0.1                          # of the seen pairs
PLURAL = {"person": "people", "man": "men", "woman": "women", "boy": "boys",
          "girl": "girls"}
# What a question is when it is a drawing: the words of `igrot eval emoji-sbir`.
DRAWING = "the picture that this drawing shows"


def skin_tone(value, _):
    if not value:
        return ("without a skin tone", "in plain yellow")
    if " and " in value:
        first, second = value.split(" and ")
        return (f"with {first} and {second} skin tones",
                f"one with {first} skin tone and one with {second} skin tone")
    return (f"with {value} skin tone", f"the same with {value} skin")


def gender(value, _):
    if value == "person":
        return ("as a person of any gender", "neither a man nor a woman")
    return (f"as a {value}", f"the same but a {value}")


def hair(value, _):
    if not value:
        return ("with ordinary hair", "with short dark hair")
    if value in ("bald", "beard"):
        return {"bald": ("bald", "without any hair"),
                "beard": ("with a beard", "bearded")}[value]
    return (f"with {value}", f"the same with {value}")


def members(value, emoji):
    if not value:
        return (f"just a {emoji.base}", "without saying who")
    counts = collections.Counter(value.split(", "))
    who = [f"a {name}" if count == 1 else f"two {PLURAL[name]}"
           for name, count in counts.items()]
    people = " and ".join((", ".join(who[:-1]), who[-1])) \
        if len(who) > 1 else who[0]
    return (f"with {people}", f"of {people}")


def direction(value, emoji):
    if not value:
        return ("without a direction", "pointing nowhere")
    way = value.replace("wards", "")
    verb = "facing" if "facing" in emoji.name else "pointing"
    return (f"{verb} {way}", f"turned {way}")


def time(value, _):
    hour = value.split("-")[0].split(" ")[0]
    if value.endswith("thirty"):
        return (f"at half past {hour}", f"at {hour} thirty")
    return (f"at {hour} o'clock", f"showing {hour}")


def colour(value, _):
    if not value:
        return ("without a colour of its own", "in its usual colour")
    return (f"in {value}", f"the same in {value}")


def sibling(_, emoji):
    name = emoji.concept
    article = "an" if name[0].lower() in "aeiou" else "a"
    return (f"{article} {name} instead", f"not this but {article} {name}")


WORDS = {"skin tone": skin_tone, "gender": gender, "hair": hair,
         "members": members, "direction": direction, "time": time,
         "colour": colour, "sibling": sibling}


def variants(emoji):
    """Ordered pairs of one base that differ in one attribute, with its name."""
    families = collections.defaultdict(list)
    for one in emoji:
        families[one.subgroup, one.base].append(one)
    for family in families.values():
        for a, b in itertools.permutations(family, 2):
            keys = sorted(a.attributes.keys() | b.attributes.keys())
            differ = [k for k in keys
                      if a.attributes.get(k, "") != b.attributes.get(k, "")]
            if len(differ) == 1:
                yield a, b, differ[0]


def siblings(emoji):
    """Ordered pairs of a small subgroup: the first emoji of each base."""
    subgroups = collections.defaultdict(dict)
    for one in emoji:
        subgroups[one.subgroup].setdefault(one.base, one)
    for bases in subgroups.values():
        if len(bases) < LARGEST_SUBGROUP:
            for a, b in itertools.permutations(bases.values(), 2):
                yield a, b, "sibling"


def part_of(a, b):
    """Which list a pair belongs to; none where one half is unseen."""
    if a.unseen != b.unseen:
        return None
    if a.unseen:
        return "unseen"
    return "seen" if chance("held out", a.code, b.code) < HELD_OUT else "train"


def chosen(options, *key):
    return options[int(chance(*key) * len(options))]


def question(a, b, kind, hands):
    """A question of picture a and words; b by a hand of its own."""
    of_a = [h for h in hands if h in a.drawings]
    of_b = [h for h in hands if h in b.drawings]
    if not of_a or not of_b:
        return None
    key = (a.code, b.code, kind)
    return {
        "reference": a.drawings[chosen(of_a, "reference", *key)],
        "text": chosen(WORDS[kind](b.attributes.get(kind, ""), b), "text", *key),
        "target": b.drawings[chosen(of_b, "target", *key)],
        "code": b.code, "reference_code": a.code, "kind": kind}


def composed(emoji):
    """{"train": [...], "seen": [...], "unseen": [...]}, each in an order that
    makes any beginning of it a fair sample. No kind fills more than its
    share."""
    lists = collections.defaultdict(lambda: collections.defaultdict(list))
    for a, b, kind in itertools.chain(variants(emoji), siblings(emoji)):
        part = part_of(a, b)
        if part is None:
            continue
        hands = TRAINED if part == "train" else COLOURED
        if asked := question(a, b, kind, hands):
            place = chance("order", a.code, b.code, kind)
            lists[part][kind].append((place, asked))
    out = {}
    for part, kinds in lists.items():
        kept = []
        for rows in kinds.values():
            kept += sorted(rows, key=lambda r: r[0])[:MOST_OF_A_KIND[part]]
        out[part] = [row for _, row in sorted(kept, key=lambda r: r[0])]
    return out


def drawn(emoji):
    """Training triplets of a line drawing and its pictures, in hash order."""
    rows = []
    for one in emoji:
        if one.unseen or "line" not in one.drawings or \
                one.attributes.get("skin tone"):
            continue
        for hand in TRAINED:
            if hand in one.drawings:
                rows.append((chance("order", one.code, hand), {
                    "reference": one.drawings["line"], "text": DRAWING,
                    "target": one.drawings[hand]}))
    return [row for _, row in sorted(rows, key=lambda r: r[0])]


def training(emoji, composed_rows):
    """The two kinds of triplets mixed evenly: a drawing after every fourth."""
    drawings = iter(drawn(emoji))
    mixed = []
    for count, row in enumerate(composed_rows, 1):
        mixed.append({key: row[key] for key in ("reference", "text", "target")})
        if count % 4 == 0 and (drawing := next(drawings, None)):
            mixed.append(drawing)
    return mixed

"""What Unicode calls its emoji, and what those names say.

Source: emoji-test.txt of Unicode's UTS #51 (Debian's unicode-data).
"""
import collections
import dataclasses
import hashlib
import re

TONES = ("light", "medium-light", "medium", "medium-dark", "dark")
HAIR = ("red hair", "curly hair", "white hair", "blond hair", "bald", "beard")
COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "brown",
           "black", "white", "pink", "grey", "light blue")
GENDERS = {"person": "person", "people": "person", "man": "man", "men": "man",
           "woman": "woman", "women": "woman"}
# Names that do not say their gender in their first word: base, gender.
GENDERED = {
    "prince": ("royalty", "man"), "princess": ("royalty", "woman"),
    "person with crown": ("royalty", "person"),
    "Santa Claus": ("Claus", "man"), "Mrs. Claus": ("Claus", "woman"),
    "mx claus": ("Claus", "person"),
    "merman": ("merperson", "man"), "mermaid": ("merperson", "woman"),
    "merperson": ("merperson", "person"),
    "boy": ("child", "man"), "girl": ("child", "woman"),
    "child": ("child", "person"),
    "old man": ("older person", "man"), "old woman": ("older person", "woman"),
    "older person": ("older person", "person"),
    "deaf man": ("deaf person", "man"), "deaf woman": ("deaf person", "woman"),
    "deaf person": ("deaf person", "person"),
    "pregnant man": ("pregnant", "man"), "pregnant woman": ("pregnant", "woman"),
    "pregnant person": ("pregnant", "person"),
}
# Subgroups where a leading "man" or "woman" tells a variant of one thing.
PEOPLE = {"person", "person-gesture", "person-role", "person-fantasy",
          "person-activity", "person-sport", "person-resting"}
MEMBERS = {"kiss", "couple with heart", "family"}
COUPLES = {"people holding hands": "person, person",
           "women holding hands": "woman, woman",
           "woman and man holding hands": "woman, man",
           "men holding hands": "man, man"}
DIRECTION = re.compile(
    r"\b(up-left|up-right|down-left|down-right|up-down|left-right|upwards|"
    r"downwards|leftwards|rightwards|left|right|up|down)\b(-facing)?")
HOURS = ("one two three four five six seven eight nine ten eleven "
         "twelve").split()
CLOCK = re.compile(rf"^({'|'.join(HOURS)})(-thirty| o’clock)$")


@dataclasses.dataclass
class Emoji:
    code: str        # "1F44B-1F3FD", fully qualified
    text: str        # the characters
    name: str
    group: str
    subgroup: str
    concept: str = ""  # the name without skin tones
    base: str = ""     # ... and without what `attributes` tells
    attributes: dict = dataclasses.field(default_factory=dict)
    drawings: dict = dataclasses.field(default_factory=dict)  # hand -> path

    @property
    def unseen(self):
        return is_unseen(self.base)


def chance(*words):
    """A number in [0, 1) that depends on the words alone."""
    digest = hashlib.sha256("\0".join(words).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def is_unseen(base):
    """A tenth of the base names, which no model of ours is trained on."""
    return chance("unseen", base) < 0.1


def read_emoji(path):
    """Every fully qualified emoji, in the file's order."""
    line = re.compile(r"([0-9A-F ]+?)\s*; fully-qualified\s*# (\S+) E[\d.]+ "
                      r"(.*)$")
    group = subgroup = ""
    emoji = []
    for row in path.read_text(encoding="utf-8").splitlines():
        if row.startswith("# group: "):
            group = row.removeprefix("# group: ")
        elif row.startswith("# subgroup: "):
            subgroup = row.removeprefix("# subgroup: ")
        elif found := line.match(row):
            code = found[1].replace(" ", "-")
            emoji.append(Emoji(code, found[2], found[3].strip(), group, subgroup))
    for one in emoji:
        take_apart(one)
    drop_lonely(emoji, "direction")
    drop_lonely(emoji, "colour")
    return emoji


def take_apart(emoji):
    """Fills concept, base and attributes from the name."""
    head, _, tail = emoji.name.partition(": ")
    details = tail.split(", ") if tail else []
    tones = [d.removesuffix(" skin tone") for d in details
             if d.removesuffix(" skin tone") in TONES and
             d.endswith(" skin tone")]
    rest = [d for d in details if not d.endswith(" skin tone")]
    emoji.attributes = {"skin tone": " and ".join(tones)}
    emoji.concept = head + (": " + ", ".join(rest) if rest else "")

    if head in MEMBERS:
        emoji.base = head
        emoji.attributes["members"] = ", ".join(rest)
        return
    if head in COUPLES:
        emoji.base = "holding hands"
        emoji.attributes["members"] = COUPLES[head]
        return
    hair = [d for d in rest if d in HAIR]
    base = emoji.concept
    if hair or (head in GENDERS and emoji.subgroup == "person"):
        base = head
        emoji.attributes["hair"] = ", ".join(hair)
    if base in GENDERED:
        base, emoji.attributes["gender"] = GENDERED[base]
    elif emoji.subgroup in PEOPLE:
        base = without_gender(emoji, base)
    if emoji.subgroup == "time" and (time := CLOCK.match(base)):
        emoji.attributes["time"] = base
        base = "clock face"
    emoji.base = base
    if emoji.subgroup not in PEOPLE and not rest:
        take_out(emoji, "direction", DIRECTION)
        take_out(emoji, "colour",
                 re.compile(rf"\b({'|'.join(sorted(COLOURS, key=len)[::-1])})\b"))


def without_gender(emoji, base):
    first, _, rest = base.partition(" ")
    emoji.attributes["gender"] = GENDERS.get(first, "person")
    if first not in GENDERS:
        return base
    return rest or "person"


def take_out(emoji, attribute, words):
    """Moves words such as "left" from the base into an attribute."""
    found = words.findall(emoji.base)
    if not found:
        emoji.attributes[attribute] = ""
        return
    said = [f if isinstance(f, str) else f[0] for f in found]
    rest = " ".join(words.sub(" ", emoji.base).split())
    if rest:
        emoji.attributes[attribute] = ", ".join(said)
        emoji.base = rest


def drop_lonely(emoji, attribute):
    """Puts back what only one emoji of a base says: "left luggage" is no
    luggage that looks left."""
    values = collections.defaultdict(set)
    for one in emoji:
        values[one.subgroup, one.base].add(one.attributes.get(attribute, ""))
    for one in emoji:
        if one.attributes.get(attribute) and \
                len(values[one.subgroup, one.base] - {""}) < 2:
            one.attributes[attribute] = ""
            one.base = one.concept

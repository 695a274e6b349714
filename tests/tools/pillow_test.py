"""What tools/pillow-images calls agreement."""
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from pillow import compare  # noqa: E402

FORMATS = ["PNG", "JPEG"]
PICTURE = {"format": "PNG", "mode": "L", "width": 2, "height": 1,
           "sha256_native": "n", "sha256_rgb": "r"}
REFUSED = {"format": "PNG", "error": "OSError: truncated"}
OURS_REFUSED = {"error": "PNG: the data end", "kind": "corrupt"}


class Verdict(unittest.TestCase):
    def check(self, igrot, pillow, outcome):
        found, detail = compare.verdict(igrot, pillow, FORMATS)
        self.assertEqual(found, outcome)
        self.assertEqual(bool(detail), outcome == compare.DIFFERENT)
        return detail

    def test_equal_fields_agree(self):
        self.check(PICTURE, PICTURE, compare.SAME)

    def test_any_other_field_differs_and_is_named(self):
        for name in compare.FIELDS:
            other = {**PICTURE, name: "JPEG"}
            self.assertIn(name, self.check(other, PICTURE, compare.DIFFERENT))

    def test_two_refusals_agree(self):
        self.check(OURS_REFUSED, REFUSED, compare.REFUSED)

    def test_one_refusal_differs(self):
        self.check(OURS_REFUSED, PICTURE, compare.DIFFERENT)
        self.check(PICTURE, REFUSED, compare.DIFFERENT)

    def test_other_formats_do_not_count(self):
        for name in (None, "PSD"):
            self.check(OURS_REFUSED, {"format": name, "error": "no"},
                       compare.OUTSIDE)

    def test_what_only_igrot_reads_differs(self):
        self.check(PICTURE, {"format": None, "error": "no"},
                   compare.DIFFERENT)


class Differences(unittest.TestCase):
    def test_have_a_reason_behind_a_tab(self):
        rows = compare.read_differences(
            ["# comment\n", "\n", "a b.tif\tno such colours\n"])
        self.assertEqual(rows, {"a b.tif": "no such colours"})

    def tally(self):
        tally = compare.Tally({"a.png": "reason", "old.png": "gone"})
        tally.add("a.png", "PNG", compare.DIFFERENT, "mode")
        tally.add("b.png", "PNG", compare.DIFFERENT, "width")
        tally.add("c.png", "PNG", compare.SAME, "")
        tally.add("d.jpg", "JPEG", compare.REFUSED, "")
        tally.add("e.psd", "PSD", compare.OUTSIDE, "")
        return tally

    def test_are_told_apart_by_whether_they_have_a_reason(self):
        tally = self.tally()
        self.assertEqual(tally.explained, {"a.png": "reason"})
        self.assertEqual(tally.unexplained, {"b.png": "width"})
        self.assertEqual(tally.outdated, {"old.png": "gone"})

    def test_lower_the_share_of_the_files_in_formats_that_are_read(self):
        self.assertEqual(self.tally().share(), 2 / 4)
        self.assertEqual(compare.Tally({}).share(), 0)


if __name__ == "__main__":
    unittest.main()

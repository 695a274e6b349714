"""Which files igrot and Pillow agree about."""
import collections

FIELDS = ("format", "mode", "width", "height", "sha256_native", "sha256_rgb")
SAME = "same pixels"
REFUSED = "both refuse"
DIFFERENT = "different"
OUTSIDE = "outside"  # a format that igrot does not read, or no picture


def verdict(igrot, pillow, formats):
    """SAME, REFUSED, DIFFERENT or OUTSIDE, and for DIFFERENT what differs."""
    if pillow["format"] not in formats:
        if "error" in igrot:
            return OUTSIDE, ""
        return DIFFERENT, f"Pillow: {pillow}, igrot reads {igrot['format']}"
    if "error" in igrot and "error" in pillow:
        return REFUSED, ""
    if "error" in igrot:
        return DIFFERENT, f"igrot refuses: {igrot['error']}"
    if "error" in pillow:
        return DIFFERENT, f"Pillow refuses: {pillow['error']}"
    wrong = [name for name in FIELDS if igrot[name] != pillow[name]]
    if not wrong:
        return SAME, ""
    return DIFFERENT, ", ".join(
        name if name.startswith("sha256") else
        f"{name} {igrot[name]}, Pillow has {pillow[name]}" for name in wrong)


def read_differences(lines):
    """{file: reason} of a table with a tab between them; # starts a comment."""
    rows = [line.rstrip("\n").split("\t", 1) for line in lines
            if line.strip() and not line.startswith("#")]
    return {file: reason.strip() for file, reason in rows}


class Tally:
    """Counts verdicts and keeps what a person has to look at."""

    def __init__(self, known):
        self.known = known
        self.counts = collections.defaultdict(collections.Counter)
        self.explained = {}
        self.unexplained = {}
        self.outdated = dict(known)

    def add(self, file, form, outcome, detail):
        row = OUTSIDE if outcome == OUTSIDE else form or "none"
        self.counts[row][outcome] += 1
        if outcome != DIFFERENT:
            return
        self.outdated.pop(file, None)
        if file in self.known:
            self.explained[file] = self.known[file]
        else:
            self.unexplained[file] = detail

    def total(self, outcome):
        return sum(count[outcome] for count in self.counts.values())

    def share(self):
        """Of the files in formats that igrot reads, those agreed about."""
        agreed = self.total(SAME) + self.total(REFUSED)
        read = agreed + self.total(DIFFERENT)
        return agreed / read if read else 0.0

"""igrot's pickle reader against Python's pickletools.

Makes pickles (by Python's pickler, from archives of PyTorch, and damaged ones
of both), has igrot read them, and holds against each answer what an
interpreter over pickletools.genops makes of the same bytes. Nothing is ever
unpickled: no pickle.load, and that interpreter imports and calls nothing.

Whatever igrot takes, pickletools has to parse up to the same byte, with the
opcodes and globals that are allowed, and the values have to be the same. What
igrot refuses has to be refused by the interpreter too, for a reason that has a
name in REASONS, or to be over one of the limits there.

    pickle_differential.py PROGRAM GOLDENS [--count N | --seconds N] [--seed N]

PROGRAM: the test program pickle_values.
"""

import argparse
import collections
import json
import random
import re
import struct
import subprocess
import sys
import time

from pickle_interpreter import STATE_DICT, TORCHSCRIPT, Refused, interpret
from pickle_samples import damaged, seeds, stand_ins, written

# Why igrot refuses a pickle. `limit`: one of its own limits, at which Python
# goes on; all others the interpreter has to refuse as well.
REASONS = [(re.compile(pattern), limit) for pattern, limit in [
    (r"text .* is not UTF-8$", True),  # pickletools takes lone surrogates
    (r"a frame of \d+ bytes with \d+ left$", True),  # it ignores frames
    (r"more than \d+ (opcodes|values|marks)", True),
    (r"memo slot \d+$", True),
    (r"opcode \w+ is not allowed$", False),
    (r"0x[0-9a-f]{2} is no opcode$", False),
    (r"the global '.*' is not allowed$", False),
    (r"ends without a STOP", False),
    (r"a line without an end$", False),
    (r"a line of a global is not UTF-8$", False),
    (r"a (value|MARK) is missing", False),
    (r"a key without a value$", False),
    (r"(a list|a dict) as a key$", False),
    (r"memo slot \d+ is not set$", False),
    (r" is (None|an? \w+( \w+)?), expected ", False),
    (r" is -\d+$", False),
    (r"pickle protocol \d+, expected 2 to 5$", False),
    (r"an OrderedDict with \d+ arguments$", False),
    (r"with \d+ arguments(, expected \d)?$", False),
    (r" called with \d+ arguments$", False),
    (r"an object of this class with arguments$", False),
    (r"an object is built twice$", False),
    (r"a persistent id (of \d+ items|that is not a storage)", False),
    (r"a storage of type ", False),
    (r"a view of a storage$", False),
    (r"the pickle needs \d+ bytes at offset \d+ of \d+$", False),
]]


def reason_of(message):
    for pattern, limit in REASONS:
        if pattern.search(message):
            return pattern.pattern, limit
    return None


def same_leaf(value, node):
    kind = value[0]
    if kind == "int":
        return int(value[1]) == node.parts[0]
    if kind == "long":
        digits = bytes.fromhex(value[1])
        return int.from_bytes(digits, "little", signed=True) == node.parts[0]
    if kind == "float":
        return bytes.fromhex(value[1]) == struct.pack("<d", node.parts[0])
    if kind == "global":
        return [bytes.fromhex(x).decode() for x in value[1:]] == node.parts
    return value[1:] == node.parts


def first_difference(values, root, node):
    """None, or what differs between igrot's values and the interpreter's."""
    todo, seen = [(root, node)], set()
    while todo:
        ref, node = todo.pop()
        if (ref, id(node)) in seen:
            continue
        seen.add((ref, id(node)))
        value = values[ref]
        kind = value[0]
        # An integer of many bytes may still be a small number.
        if kind != node.kind and {kind, node.kind} != {"int", "long"}:
            return f"{kind} for {node.kind}"
        if kind in ("tuple", "list"):
            pairs = list(zip(value[1], node.parts))
            fits = len(value[1]) == len(node.parts)
        elif kind == "dict":
            fits = len(value[1]) == len(node.parts)
            pairs = [pair for mine, theirs in zip(value[1], node.parts)
                     for pair in zip(mine, theirs)]
        elif kind == "tensor":
            fits = value[4] == node.parts[3]
            pairs = list(zip(value[1:4], node.parts[:3]))
        elif kind == "object":
            fits = (value[2] is None) == (node.parts[1] is None)
            pairs = [(value[1], node.parts[0])]
            if value[2] is not None and fits:
                pairs.append((value[2], node.parts[1]))
        else:
            fits, pairs = same_leaf(value, node), []
        if not fits:
            return f"{value} for {node.kind} {node.parts!r:.200}"
        todo += pairs
    return None


class Igrot:
    """The test program, asked for one pickle after the other."""

    def __init__(self, program):
        self.process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def read(self, data, dialect):
        self.process.stdin.write(struct.pack("<BI", dialect, len(data)) + data)
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"igrot died over {data.hex()}")
        return json.loads(line)


def finding(data, dialect, answer):
    """None, or what is wrong with igrot's answer; and how to count it."""
    try:
        node, size = interpret(data, dialect)
        refused = None
    except Refused as error:
        refused = str(error)
    if "error" not in answer:
        if refused:
            return f"taken, but: {refused}", None
        if answer["size"] != size:
            return f"ends at {answer['size']}, expected {size}", None
        wrong = first_difference(answer["values"], answer["root"], node)
        return wrong, "taken"
    reason = reason_of(answer["error"])
    if not reason:
        return f"refused without a known reason: {answer['error']}", None
    if not refused and not reason[1]:
        return f"refused, but sound: {answer['error']}", None
    return None, reason[0]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("goldens")
    parser.add_argument("--count", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    stand_ins()
    rng = random.Random(options.seed)
    igrot = Igrot(options.program)
    pool = seeds(options.goldens)
    if not pool:
        raise SystemExit(f"no archives below {options.goldens}")
    made = list(pool)
    counts = collections.Counter()
    start = time.monotonic()
    number = 0
    while number < options.count if options.count else (
            time.monotonic() - start < (options.seconds or 60)):
        if number < len(made):
            data = made[number]
        elif rng.random() < 0.2:
            data = written(rng)
            pool = pool[-500:] + [data] if rng.random() < 0.5 else pool
        else:
            data = damaged(rng.choice(pool), pool, rng)
        number += 1
        for dialect in (STATE_DICT, TORCHSCRIPT):
            wrong, counted = finding(data, dialect, igrot.read(data, dialect))
            if wrong:
                print(f"pickle {number} (seed {options.seed}, dialect "
                      f"{dialect}): {wrong}\n{data.hex()}")
                return 1
            counts[counted] += 1
    for reason, times in counts.most_common():
        print(f"{times:8}  {reason}")
    print(f"{number} pickles, {2 * number} readings, no finding")
    if not counts["taken"]:
        raise SystemExit("none was taken: the pickles are no good")
    return 0


if __name__ == "__main__":
    sys.exit(main())

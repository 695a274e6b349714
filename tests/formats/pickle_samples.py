"""Pickles to try readers with: sound ones, and those with damages."""

import collections
import io
import pathlib
import pickle
import pickletools
import struct
import sys
import types
import zipfile
import zlib

from pickle_interpreter import PARAMETER, REBUILD, STORAGES


def stand_ins():
    """Classes and functions that pickle under PyTorch's names. Never called."""
    for module in ("torch", "torch._utils"):
        sys.modules[module] = types.ModuleType(module)
    for name in STORAGES:
        kind = type(name, (), {"__module__": "torch"})
        setattr(sys.modules["torch"], name, kind)
    for name in (REBUILD[1], PARAMETER[1]):
        def function(*_):
            raise AssertionError
        function.__name__ = function.__qualname__ = name
        function.__module__ = "torch._utils"
        setattr(sys.modules["torch._utils"], name, function)


class Storage:
    def __init__(self, kind, key, size):
        self.kind, self.key, self.size = kind, key, size


class Reduced:
    """Pickles as a call."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


class Pickler(pickle._Pickler):
    def persistent_id(self, obj):
        if isinstance(obj, Storage):
            kind = getattr(sys.modules["torch"], obj.kind)
            return ("storage", kind, obj.key, "cpu", obj.size)
        return None


def random_tensor(rng):
    utils = sys.modules["torch._utils"]
    storage = Storage(rng.choice(list(STORAGES)), str(rng.randrange(4)),
                      rng.randrange(100))
    shape = tuple(rng.randrange(5) for _ in range(rng.randrange(4)))
    view = Reduced(getattr(utils, REBUILD[1]), storage, rng.randrange(10),
                   shape, shape[::-1], False, collections.OrderedDict())
    if rng.random() < 0.2:
        return Reduced(getattr(utils, PARAMETER[1]), view, True,
                       collections.OrderedDict())
    return view


def random_value(rng, depth=0):
    leaves = [
        lambda: None, lambda: rng.random() < 0.5,
        lambda: rng.randrange(-2**rng.randrange(1, 80), 2**rng.randrange(1, 80)),
        lambda: struct.unpack("<d", rng.randbytes(8))[0],
        lambda: rng.choice(["weight", "ä", "\U0001f600", "\0", "x" * 300, ""]),
        lambda: b"bytes", lambda: {1}, lambda: random_tensor(rng)]
    if depth > 3 or rng.random() < 0.5:
        return rng.choice(leaves)()
    parts = [random_value(rng, depth + 1) for _ in range(rng.randrange(5))]
    shape = rng.randrange(5)
    if shape == 0:
        return tuple(parts)
    if shape == 1:
        return parts + parts[:1]  # what is shared
    names = [f"layer.{i}.weight" for i in range(len(parts))]
    if shape == 2:
        return collections.OrderedDict(zip(names, parts))
    if shape == 3:
        parts.append(parts)  # what contains itself
        return parts
    return dict(zip(names, parts))


def written(rng):
    out = io.BytesIO()
    Pickler(out, rng.randrange(6)).dump(random_value(rng))
    return out.getvalue()


def split(data):
    """The opcodes of a pickle, as bytes; what cannot be parsed is the last."""
    cuts = []
    try:
        for _, _, position in pickletools.genops(data):
            cuts.append(position)
    except (ValueError, UnicodeError):
        pass
    cuts = cuts or [0]
    return [data[a:b] for a, b in zip(cuts, cuts[1:] + [len(data)])]


def random_opcode(rng):
    code = rng.choice(pickletools.opcodes).code.encode("latin-1")
    return code + rng.choice([
        b"", rng.randbytes(1), rng.randbytes(4), rng.randbytes(8),
        struct.pack("<I", rng.randrange(8)), b"os\nsystem\n",
        b"torch._utils\n_rebuild_tensor_v2\n", b"__torch__.a\nB\n",
        b"collections\nOrderedDict\n", b"\x02\0hi"])


def damaged(data, pool, rng):
    for _ in range(rng.randrange(1, 4)):
        parts = split(data)
        at = rng.randrange(len(parts))
        kind = rng.randrange(8)
        if kind == 0 and data:
            place = rng.randrange(len(data))
            data = (data[:place] + bytes([data[place] ^ 1 << rng.randrange(8)])
                    + data[place + 1:])
            continue
        if kind == 1:
            data = data[:rng.randrange(len(data) + 1)]
            continue
        if kind == 2:
            parts.insert(at, random_opcode(rng))
        elif kind == 3:
            del parts[at]
        elif kind == 4:
            parts.insert(at, parts[rng.randrange(len(parts))])
        elif kind == 5:
            other = rng.randrange(len(parts))
            parts[at], parts[other] = parts[other], parts[at]
        elif kind == 6:
            others = split(rng.choice(pool))
            start = rng.randrange(len(others))
            parts[at:at] = others[start:start + rng.randrange(1, 20)]
        else:
            code = parts[at][:1]
            parts[at] = code + rng.randbytes(max(len(parts[at]) - 1, 0))
        data = b"".join(parts)
    return data


def seeds(goldens):
    found = []
    for path in sorted(pathlib.Path(goldens).rglob("*")):
        if path.suffix not in (".pt", ".pth"):
            continue
        data = path.read_bytes()
        if data[:2] != b"PK":
            found.append(data[:4096])
            continue
        try:
            with zipfile.ZipFile(path) as archive:
                found += [archive.read(name) for name in archive.namelist()
                          if name.endswith(".pkl")]
        except (zipfile.BadZipFile, zlib.error, ValueError, EOFError,
                OSError, NotImplementedError, RuntimeError):
            pass  # one of those that are damaged on purpose
    return [data for data in found if len(data) < 1 << 16]

"""What a pickle of a state dict holds, by Python's pickletools alone.

An interpreter over pickletools.genops of the opcodes and globals that igrot
allows (src/formats/pickle.h), written apart from igrot's. It imports and calls
nothing.
"""

import pickletools

STATE_DICT, TORCHSCRIPT = 0, 1

STORAGES = {
    "FloatStorage": "float32", "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16", "DoubleStorage": "float64",
    "LongStorage": "int64", "IntStorage": "int32", "ShortStorage": "int16",
    "CharStorage": "int8", "ByteStorage": "uint8", "BoolStorage": "bool"}
REBUILD = ("torch._utils", "_rebuild_tensor_v2")
PARAMETER = ("torch._utils", "_rebuild_parameter")
ORDERED_DICT = ("collections", "OrderedDict")
SCRIPT_CALLS = {("torch.jit._pickle", name) for name in (
    "build_intlist", "build_doublelist", "build_boollist", "build_tensorlist",
    "restore_type_tag")}


def is_script_class(module):
    return module == "__torch__" or module.startswith("__torch__.")


def is_allowed(module, name, dialect):
    if (module, name) in (ORDERED_DICT, REBUILD, PARAMETER):
        return True
    if module == "torch" and name in STORAGES:
        return True
    return dialect == TORCHSCRIPT and (
        (module, name) in SCRIPT_CALLS or is_script_class(module))


class Refused(Exception):
    """The pickle is none of a state dict or a module."""


class Node:
    """A value: what it is, and its parts. Lists, dicts and objects change."""

    def __init__(self, kind, *parts):
        self.kind, self.parts = kind, list(parts)


def need(value, *kinds):
    if value.kind not in kinds:
        raise Refused(f"{value.kind}, expected {kinds}")
    return value


def count_of(value):
    number = need(value, "int").parts[0]
    if number < 0:
        raise Refused("a negative count")
    return number


class Interpreter:
    """Runs the opcodes that state dicts need over Nodes."""

    def __init__(self, dialect):
        self.dialect = dialect
        self.stacks = [[]]  # one more for each open MARK
        self.memo = {}

    def push(self, *value):
        self.stacks[-1].append(
            value[0] if isinstance(value[0], Node) else Node(*value))

    def pop(self):
        if not self.stacks[-1]:
            raise Refused("a value is missing")
        return self.stacks[-1].pop()

    def top(self):
        value = self.pop()
        self.push(value)
        return value

    def to_mark(self):
        if len(self.stacks) == 1:
            raise Refused("a MARK is missing")
        return self.stacks.pop()

    def remember(self, index):
        self.memo[index] = self.top()

    def recall(self, index):
        if index not in self.memo:
            raise Refused("an empty memo slot")
        self.push(self.memo[index])

    def push_global(self, module, name):
        if not is_allowed(module, name, self.dialect):
            raise Refused(f"global {module}.{name}")
        self.push("global", module, name)

    def tuple_of(self, items):
        self.push("tuple", *items)

    def set_items(self, items):
        if len(items) % 2:
            raise Refused("a key without a value")
        target = need(self.top(), "dict")
        for key, value in zip(items[::2], items[1::2]):
            if key.kind in ("list", "dict"):
                raise Refused("a key that cannot be one")
            target.parts.append((key, value))

    def reduce(self):
        arguments = need(self.pop(), "tuple").parts
        called = tuple(need(self.pop(), "global").parts)
        if called == ORDERED_DICT and not arguments:
            return self.push("dict")
        if called == REBUILD and len(arguments) in (6, 7):
            storage, offset, sizes, strides = arguments[:4]
            return self.push(
                "tensor", need(storage, "storage"), need(sizes, "tuple"),
                need(strides, "tuple"), count_of(offset))
        if called == PARAMETER and len(arguments) == 3:
            return self.push(need(arguments[0], "tensor"))
        if called in SCRIPT_CALLS and arguments:
            return self.push(arguments[0])
        raise Refused(f"a call of {called}")

    def new_object(self):
        arguments = need(self.pop(), "tuple").parts
        kind = need(self.pop(), "global")
        if arguments:
            raise Refused("an object with arguments")
        if tuple(kind.parts) == ORDERED_DICT:
            return self.push("dict")
        if not is_script_class(kind.parts[0]):
            raise Refused("an object of another class")
        self.push("object", kind, None)

    def build(self):
        state = need(self.pop(), "dict")
        target = need(self.top(), "dict", "object")
        if target.kind == "dict":
            return
        if target.parts[1]:
            raise Refused("built twice")
        target.parts[1] = state

    def persistent(self):
        parts = need(self.pop(), "tuple").parts
        if len(parts) not in (5, 6):
            raise Refused("a persistent id of another length")
        if need(parts[0], "text").parts != ["storage"]:
            raise Refused("a persistent id that is no storage")
        module, name = need(parts[1], "global").parts
        if module != "torch" or name not in STORAGES:
            raise Refused("a storage of another type")
        if len(parts) == 6 and parts[5].kind != "none":
            raise Refused("a view of a storage")
        need(parts[3], "text")
        self.push("storage", STORAGES[name], need(parts[2], "text").parts[0],
                  count_of(parts[4]))

    def global_of_lines(self, lines):
        self.push_global(*lines.split("\n"))

    def global_of_stack(self):
        name, module = self.pop(), self.pop()
        self.push_global(need(module, "text").parts[0],
                         need(name, "text").parts[0])

    def append(self):
        item = self.pop()
        need(self.top(), "list").parts.append(item)

    def appends(self):
        items = self.to_mark()
        need(self.top(), "list").parts.extend(items)

    def set_item(self):
        value, key = self.pop(), self.pop()
        self.set_items([key, value])

    def short_tuple(self, count):
        self.tuple_of([self.pop() for _ in range(count)][::-1])

    def proto(self, version):
        if not 2 <= version <= 5:
            raise Refused("another protocol")

    def integer(self, value):
        self.push("int" if -2**63 <= value < 2**63 else "long", value)


OPCODES = {
    "MARK": lambda m, a: m.stacks.append([]),
    "BINFLOAT": lambda m, a: m.push("float", a),
    "BININT": lambda m, a: m.integer(a),
    "BININT1": lambda m, a: m.integer(a),
    "BININT2": lambda m, a: m.integer(a),
    "LONG1": lambda m, a: m.integer(a),
    "NONE": lambda m, a: m.push("none"),
    "NEWTRUE": lambda m, a: m.push("bool", True),
    "NEWFALSE": lambda m, a: m.push("bool", False),
    "BINUNICODE": lambda m, a: m.push("text", a),
    "SHORT_BINUNICODE": lambda m, a: m.push("text", a),
    "EMPTY_LIST": lambda m, a: m.push("list"),
    "EMPTY_DICT": lambda m, a: m.push("dict"),
    "EMPTY_TUPLE": lambda m, a: m.push("tuple"),
    "TUPLE": lambda m, a: m.tuple_of(m.to_mark()),
    "TUPLE1": lambda m, a: m.short_tuple(1),
    "TUPLE2": lambda m, a: m.short_tuple(2),
    "TUPLE3": lambda m, a: m.short_tuple(3),
    "APPEND": lambda m, a: m.append(),
    "APPENDS": lambda m, a: m.appends(),
    "SETITEM": lambda m, a: m.set_item(),
    "SETITEMS": lambda m, a: m.set_items(m.to_mark()),
    "BINPUT": lambda m, a: m.remember(a),
    "LONG_BINPUT": lambda m, a: m.remember(a),
    "MEMOIZE": lambda m, a: m.remember(len(m.memo)),
    "BINGET": lambda m, a: m.recall(a),
    "LONG_BINGET": lambda m, a: m.recall(a),
    "GLOBAL": lambda m, a: m.global_of_lines(a),
    "STACK_GLOBAL": lambda m, a: m.global_of_stack(),
    "REDUCE": lambda m, a: m.reduce(),
    "NEWOBJ": lambda m, a: m.new_object(),
    "BUILD": lambda m, a: m.build(),
    "BINPERSID": lambda m, a: m.persistent(),
    "PROTO": lambda m, a: m.proto(a),
    "FRAME": lambda m, a: None,
}


def read_lines(file):
    """The argument of GLOBAL as pickle reads it: UTF-8, nothing escaped.
    pickletools takes it for ASCII with escapes."""
    lines = [file.readline(), file.readline()]
    if not all(line.endswith(b"\n") for line in lines):
        raise ValueError("a line without an end")
    return "\n".join(line[:-1].decode() for line in lines)


pickletools.stringnl_noescape_pair.reader = read_lines


def interpret(data, dialect):
    """(root, bytes up to STOP), or Refused."""
    machine = Interpreter(dialect)
    try:
        for opcode, argument, position in pickletools.genops(data):
            if opcode.name == "STOP":
                return machine.top(), position + 1
            if opcode.name not in OPCODES:
                raise Refused(f"opcode {opcode.name}")
            OPCODES[opcode.name](machine, argument)
    except (ValueError, UnicodeError) as error:
        raise Refused(f"pickletools: {error}") from error
    raise Refused("no STOP")

// The table of opcodes, and the loop over them.
#include "formats/pickle.h"

#include <array>

#include "formats/limits.h"
#include "formats/pickle_machine.h"

namespace igrot::pickle {
namespace {

/// One row an opcode. Those without a function are known and refused.
struct Opcode {
  std::uint8_t code;
  std::string_view name;
  void (Machine::*run)() = nullptr;
};

constexpr std::array opcodes{
    Opcode{'(', "MARK", &Machine::mark},
    Opcode{'.', "STOP", &Machine::stop},
    Opcode{'0', "POP"},
    Opcode{'1', "POP_MARK"},
    Opcode{'2', "DUP"},
    Opcode{'B', "BINBYTES"},
    Opcode{'C', "SHORT_BINBYTES"},
    Opcode{'F', "FLOAT"},
    Opcode{'G', "BINFLOAT", &Machine::binfloat},
    Opcode{'I', "INT"},
    Opcode{'J', "BININT", &Machine::integer<std::int32_t>},
    Opcode{'K', "BININT1", &Machine::integer<std::uint8_t>},
    Opcode{'L', "LONG"},
    Opcode{'M', "BININT2", &Machine::integer<std::uint16_t>},
    Opcode{'N', "NONE", &Machine::none},
    Opcode{'P', "PERSID"},
    Opcode{'Q', "BINPERSID", &Machine::binpersid},
    Opcode{'R', "REDUCE", &Machine::reduce},
    Opcode{'S', "STRING"},
    Opcode{'T', "BINSTRING"},
    Opcode{'U', "SHORT_BINSTRING"},
    Opcode{'V', "UNICODE"},
    Opcode{'X', "BINUNICODE", &Machine::text<std::uint32_t>},
    Opcode{']', "EMPTY_LIST", &Machine::empty_list},
    Opcode{'a', "APPEND", &Machine::append},
    Opcode{'b', "BUILD", &Machine::build},
    Opcode{'c', "GLOBAL", &Machine::global},
    Opcode{'d', "DICT"},
    Opcode{'e', "APPENDS", &Machine::appends},
    Opcode{'g', "GET"},
    Opcode{'h', "BINGET", &Machine::get<std::uint8_t>},
    Opcode{'i', "INST"},
    Opcode{'j', "LONG_BINGET", &Machine::get<std::uint32_t>},
    Opcode{'l', "LIST"},
    Opcode{'o', "OBJ"},
    Opcode{'p', "PUT"},
    Opcode{'q', "BINPUT", &Machine::put<std::uint8_t>},
    Opcode{'r', "LONG_BINPUT", &Machine::put<std::uint32_t>},
    Opcode{'s', "SETITEM", &Machine::setitem},
    Opcode{'t', "TUPLE", &Machine::marked_tuple},
    Opcode{'u', "SETITEMS", &Machine::setitems},
    Opcode{'}', "EMPTY_DICT", &Machine::empty_dict},
    Opcode{')', "EMPTY_TUPLE", &Machine::empty_tuple},
    Opcode{0x80, "PROTO", &Machine::proto},
    Opcode{0x81, "NEWOBJ", &Machine::newobj},
    Opcode{0x82, "EXT1"},
    Opcode{0x83, "EXT2"},
    Opcode{0x84, "EXT4"},
    Opcode{0x85, "TUPLE1", &Machine::short_tuple<1>},
    Opcode{0x86, "TUPLE2", &Machine::short_tuple<2>},
    Opcode{0x87, "TUPLE3", &Machine::short_tuple<3>},
    Opcode{0x88, "NEWTRUE", &Machine::newtrue},
    Opcode{0x89, "NEWFALSE", &Machine::newfalse},
    Opcode{0x8A, "LONG1", &Machine::long1},
    Opcode{0x8B, "LONG4"},
    Opcode{0x8C, "SHORT_BINUNICODE", &Machine::text<std::uint8_t>},
    Opcode{0x8D, "BINUNICODE8"},
    Opcode{0x8E, "BINBYTES8"},
    Opcode{0x8F, "EMPTY_SET"},
    Opcode{0x90, "ADDITEMS"},
    Opcode{0x91, "FROZENSET"},
    Opcode{0x92, "NEWOBJ_EX"},
    Opcode{0x93, "STACK_GLOBAL", &Machine::stack_global},
    Opcode{0x94, "MEMOIZE", &Machine::memoize},
    Opcode{0x95, "FRAME", &Machine::frame},
    Opcode{0x96, "BYTEARRAY8"},
    Opcode{0x97, "NEXT_BUFFER"},
    Opcode{0x98, "READONLY_BUFFER"},
};

/// Opcodes by code; null where pickle has none.
constexpr auto by_code = [] {
  std::array<const Opcode*, 256> table{};
  for (const auto& row : opcodes) table[row.code] = &row;
  return table;
}();

}  // namespace

Tree Machine::run() {
  std::size_t steps = 0;
  while (!stopped_) {
    const auto offset = reader_.offset();
    try {
      if (++steps > limits::pickle_opcodes)
        fail(ErrorKind::unsupported, "more than {} opcodes",
             limits::pickle_opcodes);
      step();
    } catch (const Error& error) {
      throw error.at(fmt::format("pickle, byte {}", offset));
    }
  }
  tree_.root = top();
  tree_.size_bytes = reader_.offset();
  return std::move(tree_);
}

void Machine::step() {
  if (reader_.left() == 0)
    fail(ErrorKind::corrupt, "ends without a STOP; the file may be cut short");
  const auto code = reader_.little<std::uint8_t>();
  const auto* opcode = by_code[code];
  if (!opcode) fail(ErrorKind::corrupt, "0x{:02x} is no opcode", code);
  if (!opcode->run)
    fail(ErrorKind::unsupported, "opcode {} is not allowed", opcode->name);
  (this->*opcode->run)();
}

std::string_view describe(const Value& value) {
  constexpr std::array<std::string_view, std::variant_size_v<Value>> names{
      "None",      "a bool",   "an integer", "a long integer", "a float",
      "a text",    "a tuple",  "a list",     "a dict",         "a global",
      "a storage", "a tensor", "a module"};
  return names[value.index()];
}

Tree read(Bytes bytes, Dialect dialect) {
  return Machine(bytes, dialect).run();
}

}  // namespace igrot::pickle

// A reader of the few pickles that state dicts are.
//
// Pickle is a program for a stack machine that can import and call anything.
// This machine knows the opcodes and the globals that torch.save and
// torch.jit.save write for tensors in dicts, lists and modules, and refuses
// every other one by name; nothing is imported, called or instantiated.
// Opcodes after Python's pickletools, protocols 2 to 5.
#pragma once

#include <cstdint>
#include <deque>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "formats/pickle_globals.h"

namespace igrot::pickle {

/// A value by its number in its tree. Values refer to each other by number
/// only, so shared and cyclic ones need no care when the tree is destroyed.
using Ref = std::uint32_t;

struct None {};

/// An integer of more than 8 bytes: little-endian two's complement.
struct BigInteger {
  Bytes digits;
};

/// Well-formed UTF-8, lying in the pickle.
struct Text {
  std::string_view utf8;
};

struct Tuple {
  std::vector<Ref> items;
};

struct List {
  std::vector<Ref> items;
};

/// Entries as they were set; a key may come twice.
struct Dict {
  std::vector<std::pair<Ref, Ref>> entries;
};

/// An allowed global. `row` tells what it is good for; of a TorchScript class
/// only module and name are known.
struct Global {
  const GlobalRow* row = nullptr;
  std::string_view module;
  std::string_view name;
};

/// A persistent id: the storage `key`, of `size` elements.
struct StorageId {
  DType dtype{};
  std::string_view key;
  std::uint64_t size = 0;
};

/// A strided view of a storage; sizes and strides are tuples, not yet checked.
struct TensorView {
  Ref storage = 0;
  Ref sizes = 0;
  Ref strides = 0;
  std::uint64_t offset = 0;
};

/// A TorchScript module: its class and, once built, the dict of attributes.
struct Object {
  Ref type = 0;
  Ref state = 0;
  bool built = false;
};

using Value =
    std::variant<None, bool, std::int64_t, BigInteger, double, Text, Tuple,
                 List, Dict, Global, StorageId, TensorView, Object>;

/// What a value is, for messages.
std::string_view describe(const Value& value);

/// The values a pickle made. Texts lie in the pickle, which must outlive it.
struct Tree {
  std::deque<Value> values;
  Ref root = 0;

  /// Bytes of the pickle up to and with its STOP.
  std::size_t size_bytes = 0;

  const Value& operator[](Ref ref) const { return values[ref]; }
};

/// Runs the pickle at the start of `bytes`. Throws Error: corrupt, unsupported
/// (opcodes and globals outside the tables), naming the byte.
Tree read(Bytes bytes, Dialect dialect);

}  // namespace igrot::pickle

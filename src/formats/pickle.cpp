#include "formats/pickle.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#include "formats/foreign_text.h"
#include "formats/limits.h"

namespace igrot::pickle {
namespace {

constexpr Ref unset = std::numeric_limits<Ref>::max();

class Machine {
 public:
  Machine(Bytes bytes, Dialect dialect)
      : bytes_(bytes), reader_(bytes, "the pickle"), dialect_(dialect) {}

  Tree run();

  // One function an opcode; the table below names them.
  void proto();
  void frame();
  void stop() { stopped_ = true; }
  void mark();
  template <class Number>
  void integer();
  void long1();
  void binfloat();
  template <class Size>
  void text();
  void none() { push(None{}); }
  void newtrue() { push(true); }
  void newfalse() { push(false); }
  void empty_list() { push(List{}); }
  void empty_dict() { push(Dict{}); }
  void empty_tuple() { push(Tuple{}); }
  void marked_tuple() { push(Tuple{pop_to_mark()}); }
  template <std::size_t Count>
  void short_tuple();
  void append();
  void appends();
  void setitem();
  void setitems();
  template <class Index>
  void put() {
    remember(reader_.little<Index>());
  }
  template <class Index>
  void get();
  void memoize() { remember(remembered_); }
  void global();
  void stack_global();
  void reduce();
  void newobj();
  void build();
  void binpersid();

 private:
  void step();

  Ref make(Value value);
  void push(Value value) { push_ref(make(std::move(value))); }
  void push_ref(Ref ref);
  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }
  Ref top() const;
  Ref pop();
  std::vector<Ref> pop_to_mark();

  template <class Wanted>
  Wanted& want(Ref ref, std::string_view what);
  std::uint64_t want_count(Ref ref, std::string_view what);

  void remember(std::size_t index);
  std::string_view line();
  void push_global(std::string_view module, std::string_view name);
  void set(Dict& dict, Ref key, Ref value);
  Ref rebuild_tensor(const std::vector<Ref>& arguments);
  Ref rebuild_parameter(const std::vector<Ref>& arguments);

  Bytes bytes_;
  ByteReader reader_;
  Dialect dialect_;
  Tree tree_;
  std::vector<Ref> stack_;
  std::vector<std::size_t> marks_;
  std::vector<Ref> memo_;
  std::size_t remembered_ = 0;
  bool stopped_ = false;
};

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

Ref Machine::make(Value value) {
  if (tree_.values.size() == limits::pickle_values)
    fail(ErrorKind::unsupported, "more than {} values", limits::pickle_values);
  tree_.values.push_back(std::move(value));
  return static_cast<Ref>(tree_.values.size() - 1);
}

void Machine::push_ref(Ref ref) {
  if (stack_.size() == limits::pickle_values)
    fail(ErrorKind::unsupported, "more than {} values on the stack",
         limits::pickle_values);
  stack_.push_back(ref);
}

Ref Machine::top() const {
  if (stack_.size() == floor())
    fail(ErrorKind::corrupt, "a value is missing on the stack");
  return stack_.back();
}

Ref Machine::pop() {
  const auto ref = top();
  stack_.pop_back();
  return ref;
}

std::vector<Ref> Machine::pop_to_mark() {
  if (marks_.empty()) fail(ErrorKind::corrupt, "a MARK is missing");
  const auto begin =
      stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
  std::vector<Ref> items(begin, stack_.end());
  stack_.erase(begin, stack_.end());
  marks_.pop_back();
  return items;
}

template <class Wanted>
Wanted& Machine::want(Ref ref, std::string_view what) {
  auto& value = tree_.values[ref];
  if (auto* wanted = std::get_if<Wanted>(&value)) return *wanted;
  fail(ErrorKind::corrupt, "{} is {}, expected {}", what, describe(value),
       describe(Value(Wanted{})));
}

std::uint64_t Machine::want_count(Ref ref, std::string_view what) {
  const auto number = want<std::int64_t>(ref, what);
  if (number < 0) fail(ErrorKind::corrupt, "{} is {}", what, number);
  return static_cast<std::uint64_t>(number);
}

void Machine::proto() {
  const auto version = reader_.little<std::uint8_t>();
  if (version < 2 || version > 5)
    fail(ErrorKind::unsupported, "pickle protocol {}, expected 2 to 5",
         version);
}

// Frames only help readers of streams; their length must be true all the same.
void Machine::frame() {
  const auto size = reader_.little<std::uint64_t>();
  if (size > reader_.left())
    fail(ErrorKind::corrupt, "a frame of {} bytes with {} left", size,
         reader_.left());
}

void Machine::mark() {
  if (marks_.size() == limits::pickle_values)
    fail(ErrorKind::unsupported, "more than {} marks", limits::pickle_values);
  marks_.push_back(stack_.size());
}

template <class Number>
void Machine::integer() {
  push(std::int64_t{reader_.little<Number>()});
}

void Machine::long1() {
  const auto digits = reader_.take(reader_.little<std::uint8_t>());
  if (digits.size() > sizeof(std::int64_t)) return push(BigInteger{digits});
  const bool negative =
      !digits.empty() && (digits.back() & std::byte{0x80}) != std::byte{0};
  std::int64_t number = negative ? -1 : 0;
  std::memcpy(&number, digits.data(), digits.size());
  push(number);
}

// The one number pickle stores big-endian.
void Machine::binfloat() {
  push(std::bit_cast<double>(
      __builtin_bswap64(reader_.little<std::uint64_t>())));
}

template <class Size>
void Machine::text() {
  const auto utf8 = as_text(reader_.take(reader_.little<Size>()));
  if (!is_utf8(utf8))
    fail(ErrorKind::corrupt, "text {} is not UTF-8", in_quotes(utf8));
  push(Text{utf8});
}

template <std::size_t Count>
void Machine::short_tuple() {
  std::vector<Ref> items(Count);
  for (auto i = Count; i-- > 0;) items[i] = pop();
  push(Tuple{std::move(items)});
}

void Machine::append() {
  const auto item = pop();
  want<List>(top(), "what is appended to").items.push_back(item);
}

void Machine::appends() {
  const auto added = pop_to_mark();
  auto& items = want<List>(top(), "what is appended to").items;
  items.insert(items.end(), added.begin(), added.end());
}

void Machine::set(Dict& dict, Ref key, Ref value) {
  const auto& kind = tree_[key];
  if (std::holds_alternative<List>(kind) || std::holds_alternative<Dict>(kind))
    fail(ErrorKind::corrupt, "{} as a key", describe(kind));
  dict.entries.emplace_back(key, value);
}

void Machine::setitem() {
  const auto value = pop();
  const auto key = pop();
  set(want<Dict>(top(), "what an item is set in"), key, value);
}

void Machine::setitems() {
  const auto items = pop_to_mark();
  if (items.size() % 2 != 0) fail(ErrorKind::corrupt, "a key without a value");
  auto& dict = want<Dict>(top(), "what items are set in");
  for (std::size_t i = 0; i < items.size(); i += 2)
    set(dict, items[i], items[i + 1]);
}

// Python numbers its memo from 0, so no slot can exceed the number of values.
void Machine::remember(std::size_t index) {
  if (index >= limits::pickle_values)
    fail(ErrorKind::unsupported, "memo slot {}", index);
  if (index >= memo_.size()) memo_.resize(index + 1, unset);
  remembered_ += memo_[index] == unset;
  memo_[index] = top();
}

template <class Index>
void Machine::get() {
  const std::size_t index = reader_.little<Index>();
  if (index >= memo_.size() || memo_[index] == unset)
    fail(ErrorKind::corrupt, "memo slot {} is not set", index);
  push_ref(memo_[index]);
}

std::string_view Machine::line() {
  const auto rest = as_text(bytes_.subspan(reader_.offset()));
  const auto length = rest.find('\n');
  if (length == std::string_view::npos)
    fail(ErrorKind::corrupt, "a line without an end");
  reader_.take(length + 1);
  return rest.substr(0, length);
}

void Machine::push_global(std::string_view module, std::string_view name) {
  const auto* row = find_global(module, name, dialect_);
  if (!row)
    fail(ErrorKind::unsupported, "the global {} is not allowed",
         in_quotes(
             fmt::format("{}.{}", module.substr(0, 80), name.substr(0, 80))));
  push(Global{row, module, name});
}

void Machine::global() {
  const auto module = line();
  const auto name = line();
  push_global(module, name);
}

void Machine::stack_global() {
  const auto name = pop();
  const auto module = pop();
  push_global(want<Text>(module, "the module of a global").utf8,
              want<Text>(name, "the name of a global").utf8);
}

void Machine::reduce() {
  const auto arguments_ref = pop();
  const auto& arguments =
      want<Tuple>(arguments_ref, "the arguments of a call").items;
  const auto& called = want<Global>(pop(), "what is called");
  switch (called.row->role) {
    case Role::ordered_dict:
      if (!arguments.empty())
        fail(ErrorKind::unsupported, "an OrderedDict with {} arguments",
             arguments.size());
      return push(Dict{});
    case Role::rebuild_tensor:
      return push_ref(rebuild_tensor(arguments));
    case Role::rebuild_parameter:
      return push_ref(rebuild_parameter(arguments));
    case Role::first_argument:
      if (arguments.empty()) break;
      return push_ref(arguments.front());
    case Role::storage:
    case Role::script_class:
      break;
  }
  fail(ErrorKind::corrupt, "{}.{} called with {} arguments", called.row->module,
       called.row->name, arguments.size());
}

// (storage, offset, sizes, strides, requires_grad, backward_hooks[, metadata])
Ref Machine::rebuild_tensor(const std::vector<Ref>& arguments) {
  if (arguments.size() != 6 && arguments.size() != 7)
    fail(ErrorKind::corrupt, "_rebuild_tensor_v2 with {} arguments, expected 6",
         arguments.size());
  want<StorageId>(arguments[0], "the storage of a tensor");
  want<Tuple>(arguments[2], "the sizes of a tensor");
  want<Tuple>(arguments[3], "the strides of a tensor");
  return make(
      TensorView{.storage = arguments[0],
                 .sizes = arguments[2],
                 .strides = arguments[3],
                 .offset = want_count(arguments[1], "the offset of a tensor")});
}

// (data, requires_grad, backward_hooks)
Ref Machine::rebuild_parameter(const std::vector<Ref>& arguments) {
  if (arguments.size() != 3)
    fail(ErrorKind::corrupt, "_rebuild_parameter with {} arguments, expected 3",
         arguments.size());
  want<TensorView>(arguments[0], "the data of a parameter");
  return arguments[0];
}

void Machine::newobj() {
  const auto arguments = pop();
  const auto type = pop();
  const auto role = want<Global>(type, "the class of an object").row->role;
  if (!want<Tuple>(arguments, "the arguments of a class").items.empty() ||
      (role != Role::script_class && role != Role::ordered_dict))
    fail(ErrorKind::unsupported, "an object of this class with arguments");
  if (role == Role::ordered_dict) return push(Dict{});
  push(Object{.type = type});
}

// What an OrderedDict is built with is the attributes beside its items, such
// as a state dict's _metadata: nothing of it is kept.
void Machine::build() {
  const auto state = pop();
  want<Dict>(state, "the state of an object");
  const auto target = top();
  if (std::holds_alternative<Dict>(tree_[target])) return;
  auto& object = want<Object>(target, "what is built");
  if (object.built) fail(ErrorKind::corrupt, "an object is built twice");
  object.state = state;
  object.built = true;
}

// ("storage", type, key, location, elements[, view]): where the storage was
// (cpu, cuda:0) does not matter.
void Machine::binpersid() {
  const auto& id = want<Tuple>(pop(), "a persistent id").items;
  if (id.size() != 5 && id.size() != 6)
    fail(ErrorKind::corrupt, "a persistent id of {} items, expected 5",
         id.size());
  if (want<Text>(id[0], "the kind of a persistent id").utf8 != "storage")
    fail(ErrorKind::unsupported, "a persistent id that is not a storage");
  const auto& type = want<Global>(id[1], "the type of a storage");
  if (type.row->role != Role::storage)
    fail(ErrorKind::corrupt, "a storage of type {}.{}", type.row->module,
         type.row->name);
  want<Text>(id[3], "the location of a storage");
  // PyTorch before 0.4 could name a part of a storage here.
  if (id.size() == 6 && !std::holds_alternative<None>(tree_[id[5]]))
    fail(ErrorKind::unsupported, "a view of a storage");
  push(StorageId{.dtype = type.row->dtype,
                 .key = want<Text>(id[2], "the key of a storage").utf8,
                 .size = want_count(id[4], "the size of a storage")});
}

}  // namespace

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

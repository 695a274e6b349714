// Opcodes that make plain values and move them about.
#include <bit>

#include "formats/limits.h"
#include "formats/pickle_machine.h"

namespace igrot::pickle {

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

}  // namespace igrot::pickle

// The stack machine that runs a pickle; for pickle.cpp and its parts only.
#pragma once

#include <limits>
#include <string_view>
#include <vector>

#include "formats/foreign_text.h"
#include "formats/pickle.h"

namespace igrot::pickle {

/// A memo slot that nothing was put in.
inline constexpr Ref unset = std::numeric_limits<Ref>::max();

/// One run over one pickle.
class Machine {
 public:
  Machine(Bytes bytes, Dialect dialect)
      : bytes_(bytes), reader_(bytes, "the pickle"), dialect_(dialect) {}

  Tree run();

  // One function an opcode; the table in pickle.cpp names them.
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

template <class Wanted>
Wanted& Machine::want(Ref ref, std::string_view what) {
  auto& value = tree_.values[ref];
  if (auto* wanted = std::get_if<Wanted>(&value)) return *wanted;
  fail(ErrorKind::corrupt, "{} is {}, expected {}", what, describe(value),
       describe(Value(Wanted{})));
}

template <class Number>
void Machine::integer() {
  push(std::int64_t{reader_.little<Number>()});
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

template <class Index>
void Machine::get() {
  const std::size_t index = reader_.little<Index>();
  if (index >= memo_.size() || memo_[index] == unset)
    fail(ErrorKind::corrupt, "memo slot {} is not set", index);
  push_ref(memo_[index]);
}

}  // namespace igrot::pickle

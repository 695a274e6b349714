// Opcodes that name globals and call them: here they make dicts, storages,
// tensors and modules, and nothing else.
#include "formats/pickle_machine.h"

namespace igrot::pickle {

std::string_view Machine::line() {
  const auto rest = as_text(bytes_.subspan(reader_.offset()));
  const auto length = rest.find('\n');
  if (length == std::string_view::npos)
    fail(ErrorKind::corrupt, "a line without an end");
  reader_.take(length + 1);
  const auto line = rest.substr(0, length);
  if (!is_utf8(line))
    fail(ErrorKind::corrupt, "a line of a global is not UTF-8");
  return line;
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

}  // namespace igrot::pickle

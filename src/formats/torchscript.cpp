// The pickle holds the modules with all their attributes. Which tensors are
// parameters or buffers only the source of each class says, two lines below
// its head:
//
//   class Linear(Module):
//     __parameters__ = ["weight", "bias", ]
//     __buffers__ = []
//
// The source is searched for these lines, never run.
#include "formats/torchscript.h"

#include <algorithm>

#include "formats/foreign_text.h"

namespace igrot {
namespace {

/// Takes the first line off `text`.
std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

bool is_head_of(std::string_view line, std::string_view name) {
  constexpr std::string_view keyword = "class ";
  if (!line.starts_with(keyword)) return false;
  line.remove_prefix(keyword.size());
  return line.starts_with(name) && line.substr(name.size()).starts_with('(');
}

/// Adds the names in double quotes.
void add_quoted(std::string_view line, StateNames& names) {
  for (;;) {
    const auto begin = line.find('"');
    if (begin == std::string_view::npos) return;
    const auto end = line.find('"', begin + 1);
    if (end == std::string_view::npos) return;
    names.emplace(line.substr(begin + 1, end - begin - 1));
    line.remove_prefix(end + 1);
  }
}

class ModuleWalk {
 public:
  ModuleWalk(const pickle::Tree& tree, Collector& collector,
             const FindRecord& find_record)
      : tree_(tree), collector_(collector), find_record_(find_record) {}

  void walk(pickle::Ref ref, const pickle::Object& module);

 private:
  using ClassName = std::pair<std::string_view, std::string_view>;

  const std::optional<StateNames>& names_of(const pickle::Global& type);

  const pickle::Tree& tree_;
  Collector& collector_;
  const FindRecord& find_record_;
  std::map<ClassName, std::optional<StateNames>> classes_;
  std::string name_;
};

const std::optional<StateNames>& ModuleWalk::names_of(
    const pickle::Global& type) {
  const auto [found, is_new] = classes_.try_emplace({type.module, type.name});
  if (is_new) {
    std::string path = "code/" + std::string(type.module) + ".py";
    std::replace(path.begin(), path.end() - 3, '.', '/');
    if (const auto record = find_record_(path))
      found->second = state_names(as_text(record->bytes()), type.name);
  }
  return found->second;
}

void ModuleWalk::walk(pickle::Ref ref, const pickle::Object& module) {
  collector_.enter(ref);
  const auto& type = std::get<pickle::Global>(tree_[module.type]);
  const auto& state_names = names_of(type);
  if (!module.built) return collector_.leave();
  const auto length = name_.size();
  for (const auto& [key, value] :
       std::get<pickle::Dict>(tree_[module.state]).entries) {
    const auto* attribute = std::get_if<pickle::Text>(&tree_[key]);
    if (!attribute)
      fail(ErrorKind::corrupt, "a module has {} as the name of an attribute",
           pickle::describe(tree_[key]));
    name_ += attribute->utf8;
    if (const auto* view = std::get_if<pickle::TensorView>(&tree_[value])) {
      if (!state_names || state_names->contains(attribute->utf8))
        collector_.add_tensor(name_, *view);
    } else if (const auto* child = std::get_if<pickle::Object>(&tree_[value])) {
      name_ += '.';
      walk(value, *child);
    }
    name_.resize(length);
  }
  collector_.leave();
}

}  // namespace

std::optional<StateNames> state_names(std::string_view source,
                                      std::string_view name) {
  while (!source.empty() && !is_head_of(take_line(source), name)) continue;
  StateNames names;
  bool has_parameters = false;
  bool has_buffers = false;
  while (!source.empty()) {
    auto line = take_line(source);
    if (line.starts_with("class ")) break;
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (line.starts_with("def ")) break;
    const bool parameters = line.starts_with("__parameters__ = [");
    const bool buffers = line.starts_with("__buffers__ = [");
    if (parameters || buffers) add_quoted(line, names);
    has_parameters |= parameters;
    has_buffers |= buffers;
  }
  if (!has_parameters || !has_buffers) return std::nullopt;
  return names;
}

Contents collect_modules(const pickle::Tree& tree, FindStorage find,
                         const FindRecord& find_record) {
  Collector collector(Container::torchscript, tree, std::move(find));
  const auto* module = std::get_if<pickle::Object>(&tree[tree.root]);
  if (!module)
    fail(ErrorKind::corrupt, "a TorchScript archive of {}, expected a module",
         pickle::describe(tree[tree.root]));
  ModuleWalk(tree, collector, find_record).walk(tree.root, *module);
  if (!collector.has_tensors())
    fail(ErrorKind::unsupported, "no tensors in it");
  return collector.take();
}

}  // namespace igrot

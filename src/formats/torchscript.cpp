// The pickle holds the modules with all their attributes. Which tensors are
// parameters or buffers only the source of each class says, in the two lines
// below its head:
//
//   class Linear(Module):
//     __parameters__ = ["weight", "bias", ]
//     __buffers__ = []
//
// The source is searched for these lines, never run.
#include "formats/torchscript.h"

#include <algorithm>

#include "formats/limits.h"

namespace igrot {
namespace {

/// Takes the first line off `text`.
std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

/// The name in "class NAME(...):", or nothing.
std::string_view class_name(std::string_view line) {
  constexpr std::string_view keyword = "class ";
  if (!line.starts_with(keyword)) return {};
  line.remove_prefix(keyword.size());
  return line.substr(0, std::min(line.find('('), line.size()));
}

/// Adds the names in double quotes.
void add_quoted(std::string_view line, StateNames& names) {
  for (;;) {
    const auto begin = line.find('"');
    if (begin == std::string_view::npos) return;
    const auto end = line.find('"', begin + 1);
    if (end == std::string_view::npos) return;
    names.push_back(line.substr(begin + 1, end - begin - 1));
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
  /// One source, kept for the names that lie in it.
  struct Source {
    SharedStorage text;
    std::map<std::string_view, StateNames> classes;
  };

  bool is_state(const pickle::Global& type, std::string_view attribute);
  const Source& source(std::string_view module);

  const pickle::Tree& tree_;
  Collector& collector_;
  const FindRecord& find_record_;
  std::map<std::string_view, Source> sources_;
  std::size_t source_bytes_ = 0;
  std::string name_;
};

const ModuleWalk::Source& ModuleWalk::source(std::string_view module) {
  const auto [found, is_new] = sources_.try_emplace(module);
  auto& source = found->second;
  if (!is_new) return source;
  std::string path = "code/" + std::string(module) + ".py";
  std::replace(path.begin(), path.end() - 3, '.', '/');
  source.text = find_record_(path);
  if (!source.text) return source;
  source_bytes_ += source.text->size_bytes();
  if (source_bytes_ > limits::source_bytes)
    fail(ErrorKind::unsupported, "more than {} bytes of source",
         limits::source_bytes);
  source.classes = find_state_names(as_text(source.text->bytes()));
  return source;
}

/// Where the source does not say, every tensor is.
bool ModuleWalk::is_state(const pickle::Global& type,
                          std::string_view attribute) {
  const auto& classes = source(type.module).classes;
  const auto found = classes.find(type.name);
  return found == classes.end() ||
         std::ranges::binary_search(found->second, attribute);
}

void ModuleWalk::walk(pickle::Ref ref, const pickle::Object& module) {
  collector_.enter(ref);
  const auto& type = std::get<pickle::Global>(tree_[module.type]);
  if (!module.built) return collector_.leave();
  const auto length = name_.size();
  for (const auto& [key, value] :
       std::get<pickle::Dict>(tree_[module.state]).entries) {
    collector_.visit();
    const auto* attribute = std::get_if<pickle::Text>(&tree_[key]);
    if (!attribute)
      fail(ErrorKind::corrupt, "a module has {} as the name of an attribute",
           pickle::describe(tree_[key]));
    name_ += attribute->utf8;
    if (const auto* view = std::get_if<pickle::TensorView>(&tree_[value])) {
      if (is_state(type, attribute->utf8)) collector_.add_tensor(name_, *view);
    } else if (const auto* child = std::get_if<pickle::Object>(&tree_[value])) {
      name_ += '.';
      walk(value, *child);
    }
    name_.resize(length);
  }
  collector_.leave();
}

}  // namespace

std::map<std::string_view, StateNames> find_state_names(
    std::string_view source) {
  std::map<std::string_view, StateNames> classes;
  std::string_view name;
  StateNames names;
  bool has_parameters = false;
  while (!source.empty()) {
    auto line = take_line(source);
    if (line.starts_with("class ")) {
      name = class_name(line);
      names.clear();
      has_parameters = false;
    }
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (line.starts_with("__parameters__ = [")) {
      add_quoted(line, names);
      has_parameters = true;
    } else if (line.starts_with("__buffers__ = [") && has_parameters) {
      add_quoted(line, names);
      std::ranges::sort(names);
      classes.try_emplace(name, std::move(names));
      has_parameters = false;
    }
  }
  return classes;
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

// The TOML file of a data set of one's own.
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "base/fail.h"
#include "base/file.h"
#include "base/parse_toml.h"
#include "data/described_set.h"
#include "data/text_file.h"

namespace igrot {
namespace {

constexpr std::uint64_t limit_bytes = 1 << 20;

template <class Value>
struct Name {
  std::string_view name;
  Value value;
};

constexpr std::array kinds{Name<SetKind>{"composed", SetKind::composed},
                           Name<SetKind>{"classes", SetKind::classes}};
constexpr std::array references{Name<bool>{"removed", true},
                                Name<bool>{"kept", false}};
constexpr std::array conversions{Name<Convert>{"as_opened", Convert::as_opened},
                                 Name<Convert>{"first", Convert::first}};

/// One table of the file. Every key has to be asked for.
class Section {
 public:
  Section(const toml::table& document, std::string_view name) : name_(name) {
    const auto* node = document.get(name);
    if (!node) return;
    table_ = node->as_table();
    if (!table_) refuse(*node, name, "a section");
  }

  void read(std::string_view key, std::string& value) {
    if (const auto* node = find(key)) value = text(*node, key);
  }

  void read(std::string_view key, bool& value) {
    const auto* node = find(key);
    if (!node) return;
    if (!node->is_boolean()) refuse(*node, key, "true or false");
    value = node->as_boolean()->get();
  }

  void read(std::string_view key, double& value) {
    const auto* node = find(key);
    if (!node) return;
    const auto number = node->value<double>();
    if (!node->is_number() || !std::isfinite(*number) || *number < 0)
      refuse(*node, key, "a number from 0 on");
    value = *number;
  }

  /// A text, or a list of texts.
  void read(std::string_view key, std::vector<std::string>& value) {
    const auto* node = find(key);
    if (!node) return;
    value.clear();
    if (const auto* list = node->as_array())
      for (const auto& element : *list) value.push_back(text(element, key));
    else
      value.push_back(text(*node, key));
  }

  template <class Value, std::size_t size>
  void read(std::string_view key, Value& value,
            const std::array<Name<Value>, size>& names) {
    const auto* node = find(key);
    if (!node) return;
    const auto found =
        std::ranges::find(names, text(*node, key), &Name<Value>::name);
    if (found == names.end())
      refuse(*node, key, fmt::format("{} or {}", names[0].name, names[1].name));
    value = found->value;
  }

  void refuse_others() const {
    if (!table_) return;
    for (const auto& [key, node] : *table_)
      if (!asked_.contains(key.str()))
        fail(ErrorKind::usage, "line {}: [{}] has no key '{}'; it has {}",
             node.source().begin.line, name_, key.str(), keys());
  }

 private:
  const toml::node* find(std::string_view key) {
    asked_.insert(key);
    return table_ ? table_->get(key) : nullptr;
  }

  std::string text(const toml::node& node, std::string_view key) const {
    const auto* text = node.as_string();
    if (!text) refuse(node, key, "a text in quotes");
    return text->get();
  }

  [[noreturn]] static void refuse(const toml::node& node, std::string_view key,
                                  std::string_view expected) {
    fail(ErrorKind::usage, "line {}: '{}' is not {}", node.source().begin.line,
         key, expected);
  }

  std::string keys() const {
    std::string list;
    for (const auto key : asked_)
      list += (list.empty() ? "" : ", ") + std::string(key);
    return list;
  }

  std::string name_;
  const toml::table* table_ = nullptr;
  std::set<std::string_view> asked_;
};

void read_set(Section section, DescribedSet& set) {
  section.read("name", set.name);
  section.read("kind", set.kind, kinds);
  if (set.kind == SetKind::composed) set.prompt = "{}";
  section.read("queries", set.queries);
  section.read("gallery", set.gallery);
  section.read("pictures", set.pictures);
  section.read("separator", set.separator);
  section.read("classes", set.classes);
  section.read("convert", set.recipe.convert, conversions);
  section.read("prompt", set.prompt);
  section.read("joint", set.joint);
  section.read("lower_case", set.lower_case);
  section.read("reference", set.removes_own, references);
  section.read("union_share", set.union_share);
  section.read("metrics", set.metrics);
  section.refuse_others();
}

void read_columns(Section section, QuestionColumns& columns) {
  section.read("query", columns.query);
  section.read("text", columns.text);
  section.read("target", columns.target);
  section.read("id", columns.id);
  section.read("subset", columns.subset);
  section.read("kind", columns.kind);
  section.read("picture", columns.picture);
  section.refuse_others();
}

/// The name stands in names of files and in paths of metrics.
void check_name(const std::string& name) {
  const bool sound = !name.empty() && name.front() != '.' &&
                     std::ranges::none_of(name, [](unsigned char c) {
                       return c < ' ' || c == '/' || c == '\\' || c == 0x7f;
                     });
  if (!sound)
    fail(ErrorKind::usage,
         "the set's name is '{}'; it may hold no slash and begin with no dot",
         name);
}

void check(const DescribedSet& set) {
  check_name(set.name);
  if (set.queries.empty())
    fail(ErrorKind::usage, "[set] has no 'queries': what is asked");
  if (set.kind == SetKind::classes && set.gallery.empty())
    fail(ErrorKind::usage, "[set] has no 'gallery': where the answers lie");
  for (const auto& [key, path] :
       {std::pair("queries", set.queries), std::pair("gallery", set.gallery),
        std::pair("pictures", set.pictures)})
    if (!path.empty() && !stays_inside(path))
      fail(ErrorKind::usage, "'{}' is '{}', which is no path inside the root",
           key, path);
  if (set.pictures.find("{}") == std::string::npos)
    fail(ErrorKind::usage, "'pictures' is '{}', without {{}} for the name",
         set.pictures);
}

}  // namespace

DescribedSet read_description(const std::filesystem::path& file) {
  const auto bytes = read_file(file, limit_bytes);
  return at(file.string(), [&] {
    const auto document = parse_toml(as_text(bytes));
    for (const auto& [key, node] : document)
      if (key.str() != "set" && key.str() != "columns")
        fail(ErrorKind::usage,
             "line {}: there is no section '{}'; there are [set] and [columns]",
             node.source().begin.line, key.str());
    DescribedSet set{.file = file, .name = file.stem().string()};
    read_set({document, "set"}, set);
    read_columns({document, "columns"}, set.columns);
    check(set);
    return set;
  });
}

}  // namespace igrot

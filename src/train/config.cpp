#include "train/config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <sstream>

#include "base/fail.h"
#include "base/file.h"
#include "base/parse_toml.h"
#include "base/utf8.h"
#include "metrics/recall.h"
#include "train/config_fields.h"
#include "train/config_rules.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t file_limit_bytes = 1 << 20;

template <class Section>
constexpr bool is_optional = false;
template <class Section>
constexpr bool is_optional<std::optional<Section>> = true;

/// A configuration with every section that may be missing.
TrainConfig full_config() {
  TrainConfig config;
  config.model.fresh.emplace();
  config.validation.emplace();
  return config;
}

std::vector<std::string> section_names() {
  std::vector<std::string> names;
  const auto config = full_config();
  visit_sections(config, [&](std::string_view name, const auto&) {
    names.emplace_back(name);
  });
  return names;
}

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

/// How many letters must be put in, taken out or changed (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const auto changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

/// "epochs" of "train.epochs".
std::string_view last_part(std::string_view name) {
  return name.substr(name.rfind('.') + 1);
}

/// The known name that differs least: in its last part first.
std::string nearest(const std::vector<std::string>& names,
                    std::string_view wanted) {
  return std::ranges::min(names, {}, [&](const std::string& name) {
    return std::pair(distance(last_part(name), last_part(wanted)),
                     distance(name, wanted));
  });
}

std::string text_of(const toml::node& node) {
  std::ostringstream text;
  node.visit([&](const auto& value) { text << value; });
  return text.str();
}

std::string expectation(std::string_view what, const Range& range) {
  auto text = range.takes_least
                  ? fmt::format("{} of {} or more", what, range.least)
                  : fmt::format("{} above {}", what, range.least);
  if (std::isfinite(range.most))
    text += fmt::format(", {} {}", range.takes_most ? "at most" : "below",
                        range.most);
  return text;
}

std::string names_in(const auto& table) {
  std::string text;
  for (const auto& [choice, name] : table)
    text += fmt::format("{}\"{}\"", text.empty() ? "" : " or ", name);
  return text;
}

/// Brings what one TOML document says into a configuration.
class Reader {
 public:
  /// base: where relative paths start. A file tells lines, an override has
  /// none.
  Reader(fs::path base, bool tells_lines)
      : base_(std::move(base)), tells_lines_(tells_lines) {}

  void read(const toml::table& document, TrainConfig& config) const {
    check_names(document, "");
    visit_sections(config, [&](std::string_view name, auto& section) {
      if (const auto* values = toml::at_path(document, name).as_table())
        read_section(*values, name, section);
    });
  }

 private:
  template <class Section>
  void read_section(const toml::table& values, std::string_view name,
                    Section& section) const {
    if constexpr (is_optional<Section>) {
      if (!section) section.emplace();
      read_section(values, name, *section);
    } else {
      visit_fields(section, [&](std::string_view key, auto& value,
                                const auto&... rule) {
        if (const auto* node = values.get(key))
          read_value({fmt::format("{}.{}", name, key), *node}, value, rule...);
      });
    }
  }

  /// A value in the document.
  struct Found {
    std::string key;
    const toml::node& node;
  };

  std::string place_of(const toml::node& node) const {
    if (!tells_lines_) return {};
    return fmt::format("line {}: ", node.source().begin.line);
  }

  [[noreturn]] void refuse(const Found& found,
                           std::string_view expected) const {
    fail(ErrorKind::usage, "{}{} is {}, expected {}", place_of(found.node),
         found.key, text_of(found.node), expected);
  }

  void read_value(const Found& found, bool& value) const {
    const auto* flag = found.node.as_boolean();
    if (!flag) refuse(found, "true or false");
    value = flag->get();
  }

  void read_value(const Found& found, std::optional<bool>& value) const {
    read_value(found, value.emplace());
  }

  void read_value(const Found& found, std::string& value) const {
    const auto* text = found.node.as_string();
    if (!text) refuse(found, "a text in quotes");
    value = text->get();
  }

  void read_value(const Found& found, fs::path& value) const {
    std::string text;
    read_value(found, text);
    value = text.empty() ? fs::path() : (base_ / text).lexically_normal();
  }

  void read_value(const Found& found, double& value, const Range& range) const {
    double number = NAN;
    if (const auto* whole = found.node.as_integer())
      number = static_cast<double>(whole->get());
    if (const auto* real = found.node.as_floating_point()) number = real->get();
    if (!std::isfinite(number) || !range.has(number))
      refuse(found, expectation("a number", range));
    value = number;
  }

  void read_value(const Found& found, std::size_t& value,
                  const Range& range) const {
    const auto* whole = found.node.as_integer();
    if (!whole || whole->get() < 0 ||
        !range.has(static_cast<double>(whole->get())))
      refuse(found, expectation("a whole number", range));
    value = static_cast<std::size_t>(whole->get());
  }

  void read_value(const Found& found, std::vector<std::size_t>& value,
                  const Range& range) const {
    const auto* list = found.node.as_array();
    if (!list) refuse(found, "a list of whole numbers");
    value.clear();
    for (const auto& node : *list)
      read_value({found.key, node}, value.emplace_back(), range);
  }

  template <class Choice, class Table>
  void read_value(const Found& found, Choice& value, const Table& table) const {
    const auto text = found.node.value<std::string_view>();
    for (const auto& [choice, name] : table)
      if (text == name) {
        if constexpr (std::same_as<Choice, std::string>)
          value = name;
        else
          value = choice;
        return;
      }
    refuse(found, names_in(table));
  }

  /// Refuses what is no section or key. prefix: "", "train", ...
  void check_names(const toml::table& table, const std::string& prefix) const {
    for (const auto& [key, node] : table) {
      const auto name = prefix.empty()
                            ? std::string(key.str())
                            : fmt::format("{}.{}", prefix, key.str());
      const bool is_quoted_path = key.str().find('.') != std::string_view::npos;
      if (has(sections_, name) && !is_quoted_path) {
        if (!node.is_table()) refuse({name, node}, "a section");
        check_names(*node.as_table(), name);
      } else if (!has(keys_, name) || is_quoted_path) {
        const bool is_section = prefix.empty() && node.is_table();
        fail(ErrorKind::usage, "{}there is no {} '{}'; did you mean '{}'?",
             place_of(node), is_section ? "section" : "key", name,
             nearest(is_section ? sections_ : keys_, name));
      }
    }
  }

  fs::path base_;
  bool tells_lines_;
  std::vector<std::string> sections_ = section_names();
  std::vector<std::string> keys_ = train_config_keys();
};

/// A TOML string on one line.
std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (auto left = text; !left.empty();) {
    const auto point = first_code_point(left);
    if (!point)
      fail(ErrorKind::usage, "'{}' is not UTF-8, as TOML has to be", text);
    if (point->value == '"' || point->value == '\\')
      out += fmt::format("\\{}", left.front());
    else if (point->value < 0x20 || point->value == 0x7F)
      out += fmt::format("\\u{:04X}", point->value);
    else
      out += left.substr(0, point->size_bytes);
    left.remove_prefix(point->size_bytes);
  }
  return out + "\"";
}

/// Values as TOML; nothing for what is unset.
struct Writer {
  std::string out;

  void add(std::string_view key, std::string_view value) {
    out += fmt::format("{} = {}\n", key, value);
  }

  void operator()(std::string_view key, bool value) {
    add(key, value ? "true" : "false");
  }
  void operator()(std::string_view key, const std::optional<bool>& value) {
    if (value) (*this)(key, *value);
  }
  void operator()(std::string_view key, const std::string& value) {
    if (!value.empty()) add(key, toml_string(value));
  }
  void operator()(std::string_view key, const fs::path& value) {
    (*this)(key, value.string());
  }
  void operator()(std::string_view key, double value, const Range&) {
    auto text = fmt::format("{}", value);
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    add(key, text);
  }
  void operator()(std::string_view key, std::size_t value, const Range&) {
    add(key, std::to_string(value));
  }
  void operator()(std::string_view key, const std::vector<std::size_t>& value,
                  const Range&) {
    add(key, fmt::format("[{}]", fmt::join(value, ", ")));
  }
  template <class Table>
  void operator()(std::string_view key, const auto& value, const Table& table) {
    if constexpr (std::same_as<std::decay_t<decltype(value)>, std::string>) {
      (*this)(key, value);
    } else {
      for (const auto& [choice, name] : table)
        if (choice == value) add(key, toml_string(name));
    }
  }
};

template <class Section>
void write_section(Writer& writer, std::string_view name,
                   const Section& section) {
  if constexpr (is_optional<Section>) {
    if (section) write_section(writer, name, *section);
  } else {
    writer.out += fmt::format("{}[{}]\n", writer.out.empty() ? "" : "\n", name);
    visit_fields(section, writer);
  }
}

/// A value that starts like this is meant as TOML, right or wrong.
constexpr std::string_view toml_starts = "\"'[{";

toml::table parse_override(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos)
    fail(ErrorKind::usage, "expected section.key=value");
  check_toml_nesting(text);
  const auto start = text.find_first_not_of(' ', equals + 1);
  const auto value = start == std::string_view::npos ? "" : text.substr(start);
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    if (!value.empty() && toml_starts.find(value[0]) != std::string_view::npos)
      fail(ErrorKind::usage, "{}", error.description());
  }
  return parse_toml(
      fmt::format("{}={}", text.substr(0, equals), toml_string(value)));
}

void check(const TrainConfig& config) {
  for (const auto& row : contradictions)
    if (row.is_in(config)) fail(ErrorKind::usage, "{}", row.sentence);
  if (config.validation)
    at("validation.metric",
       [&] { return evaluate_metric(config.validation->metric, {}); });
}

}  // namespace

std::vector<std::string> train_config_keys() {
  std::vector<std::string> keys;
  const auto add = [&](std::string_view name, const auto& section) {
    visit_fields(section, [&](std::string_view key, const auto&...) {
      keys.push_back(fmt::format("{}.{}", name, key));
    });
  };
  const auto config = full_config();
  visit_sections(config, [&]<class Section>(std::string_view name,
                                            const Section& section) {
    if constexpr (is_optional<Section>)
      add(name, *section);
    else
      add(name, section);
  });
  return keys;
}

TrainConfig read_train_config(const fs::path& path,
                              const std::vector<std::string>& overrides) {
  const auto bytes = read_file(path, file_limit_bytes);
  TrainConfig config;
  at(path.string(), [&] {
    Reader(fs::absolute(path).parent_path(), true)
        .read(parse_toml(as_text(bytes)), config);
  });
  for (const auto& text : overrides)
    at("--set " + text, [&] {
      Reader(fs::current_path(), false).read(parse_override(text), config);
    });
  at(path.string(), [&] { check(config); });
  return config;
}

std::string train_config_toml(const TrainConfig& config) {
  Writer writer;
  visit_sections(config, [&](std::string_view name, const auto& section) {
    write_section(writer, name, section);
  });
  return writer.out;
}

}  // namespace igrot

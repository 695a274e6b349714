#include "help.h"

#include <fmt/format.h>

#include "terminal.h"

namespace igrot::app {
namespace {

constexpr std::string_view about =
    "Finds pictures from a picture plus words: \"this, but at night\".";

constexpr std::string_view first_steps = R"(Start with
  igrot index ~/Pictures
  cd ~/Pictures && igrot search "a dog on the beach"
  igrot search --image dog.jpg "in the snow" --report found.html

igrot VERB -h tells more, with examples. Settings may also stand in IGROT_*
variables and igrot.toml: see igrot config.
)";

constexpr std::size_t columns = 80;
constexpr std::size_t indent = 2;

/// Words of `text` in lines of at most `width` characters.
std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  for (const auto& word : CLI::detail::split(std::string(text), ' ')) {
    auto& line = lines.back();
    if (line.empty())
      line = word;
    else if (line.size() + 1 + word.size() <= width)
      line += " " + word;
    else
      lines.push_back(word);
  }
  return lines;
}

/// One entry of a list: what it is called, then what it does from `column` on.
std::string entry(std::string_view name, std::string_view text,
                  std::size_t column) {
  std::string out = std::string(indent, ' ') + std::string(name);
  const auto lines = wrapped(text, columns - column);
  const bool beside = out.size() + 2 <= column;
  if (!beside) out += "\n";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto used = i == 0 && beside ? out.size() : 0;
    out += std::string(column - used, ' ') + lines[i] + "\n";
  }
  return out;
}

std::string heading_and_verbs(std::string_view prefix) {
  constexpr std::size_t column = 22;
  std::string out;
  std::string_view section;
  for (const auto& verb : verbs()) {
    if (!verb.name.starts_with(prefix)) continue;
    if (verb.section != section)
      out += fmt::format("\n{}:\n", section = verb.section);
    out += entry(verb.name, verb.summary, column);
  }
  return out;
}

std::string argument_name(const CLI::Option& option) {
  const auto name = option.get_type_name();
  return option.get_required() ? name : "[" + name + "]";
}

// "-k, --count N", "--exif, --no-exif".
std::string option_name(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const auto& name : option.get_snames()) names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) names.push_back("--" + name);
  auto text = CLI::detail::join(names, ", ");
  const auto type = option.get_type_name();
  if (option.get_items_expected_max() > 0 && !type.empty()) text += " " + type;
  return text;
}

std::string usage(const Verb& verb, const CLI::App& command) {
  auto line = fmt::format("Usage: igrot {} [OPTIONS]", verb.name);
  for (const auto* option : command.get_options())
    if (option->get_positional()) line += " " + argument_name(*option);
  return line + "\n";
}

std::string options(const CLI::App& command, bool positional) {
  constexpr std::size_t column = 26;
  std::string out;
  for (const auto* option : command.get_options()) {
    if (option->get_positional() != positional) continue;
    if (option->get_group().empty()) continue;
    out += entry(positional ? argument_name(*option) : option_name(*option),
                 option->get_description(), column);
  }
  return out;
}

}  // namespace

std::string main_help() {
  return fmt::format("{}\n\nUsage: igrot VERB [OPTIONS]\n{}\n{}", about,
                     heading_and_verbs(""), first_steps);
}

std::string group_help(std::string_view first_word) {
  return fmt::format("Usage: igrot {} VERB [OPTIONS]\n{}", first_word,
                     heading_and_verbs(std::string(first_word) + " "));
}

std::string verb_help(const Verb& verb, const CLI::App& command) {
  auto out = fmt::format("{}\n\n{}", verb.summary, usage(verb, command));
  if (const auto arguments = options(command, true); !arguments.empty())
    out += "\nArguments:\n" + arguments;
  out += "\nOptions:\n" + options(command, false);
  return out + fmt::format("\nExamples:\n{}\n", verb.examples);
}

}  // namespace igrot::app

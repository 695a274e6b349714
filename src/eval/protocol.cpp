#include "eval/protocol.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/fail.h"

namespace igrot {
namespace {

using Names = std::span<const std::string_view>;

constexpr auto fashioniq = std::to_array<std::string_view>({"fashioniq"});
constexpr auto cirr = std::to_array<std::string_view>({"cirr"});
constexpr auto circo = std::to_array<std::string_view>({"circo"});
/// Where the reference program takes the asked picture out of its ranking, and
/// where it leaves it in.
constexpr auto removing =
    std::to_array<std::string_view>({"cirr", "circo", "emoji-cir"});
constexpr auto keeping =
    std::to_array<std::string_view>({"fashioniq", "lasco"});

void remove_reference(Benchmark& benchmark) {
  benchmark.removes_own = true;
}

void keep_reference(Benchmark& benchmark) {
  benchmark.removes_own = false;
}

void ask_alone(Benchmark& benchmark) {
  benchmark.prompt = "{}";
  benchmark.joint = {};
  benchmark.words = Words::last;
}

constexpr std::string_view in_ranking = "the asked picture is ranked too";
constexpr std::string_view out_of_ranking = "the asked picture is not ranked";

constexpr std::array rows{
    Alternative{"gallery", "original", "every picture of the split file",
                fashioniq,
                [](Benchmark& it) { it.gallery = GalleryPart::whole; }},
    Alternative{"gallery", "val", "those that a question names", fashioniq,
                [](Benchmark& it) { it.gallery = GalleryPart::asked; }},
    Alternative{"caption-join", "and", "both as they are, \" and \" between",
                fashioniq, [](Benchmark& it) { it.joint = " and "; }},
    Alternative{"caption-join", "stripped",
                "the same without . ? , and blanks at their ends (CLIP4Cir)",
                fashioniq, [](Benchmark& it) { it.words = Words::stripped; }},
    Alternative{"caption-join", "reversed",
                "the second before the first (Pic2Word)", fashioniq,
                [](Benchmark& it) { it.words = Words::reversed; }},
    Alternative{"caption-join", "comma", "\", \" between", fashioniq,
                [](Benchmark& it) { it.joint = ", "; }},
    Alternative{"caption-join", "both",
                "stripped, the mean of both orders' vectors (SEARLE)",
                fashioniq, [](Benchmark& it) { it.words = Words::both; }},
    Alternative{"prompt", "find", "find a photo that CAPTION", cirr,
                [](Benchmark& it) { it.prompt = "find a photo that {}"; }},
    Alternative{"prompt", "caption", "the caption alone", cirr, ask_alone},
    Alternative{"prompt", "but", "CONCEPT but CAPTION", circo,
                [](Benchmark& it) { it.joint = " but "; }},
    Alternative{"prompt", "that", "a photo of CONCEPT that CAPTION", circo,
                [](Benchmark& it) {
                  it.prompt = "a photo of {}";
                  it.joint = " that ";
                }},
    Alternative{"prompt", "caption", "the caption alone", circo, ask_alone},
    Alternative{"reference", "removed", out_of_ranking, removing,
                remove_reference},
    Alternative{"reference", "kept", in_ranking, removing, keep_reference},
    Alternative{"reference", "kept", in_ranking, keeping, keep_reference},
    Alternative{"reference", "removed", out_of_ranking, keeping,
                remove_reference},
};

bool is_for(const Alternative& row, std::string_view option,
            const Benchmark& benchmark) {
  return row.option == option && !benchmark.described &&
         std::ranges::find(row.benchmarks, benchmark.name) !=
             row.benchmarks.end();
}

/// Where the option can be given.
std::string where(std::string_view option) {
  std::vector<std::string_view> names;
  for (const auto& row : rows)
    for (const auto name : row.benchmarks)
      if (row.option == option && std::ranges::find(names, name) == names.end())
        names.push_back(name);
  return fmt::format("{}", fmt::join(names, ", "));
}

const Alternative& alternative_for(std::string_view option,
                                   std::string_view name,
                                   const Benchmark& benchmark) {
  std::vector<std::string_view> known;
  for (const auto& row : rows) {
    if (!is_for(row, option, benchmark)) continue;
    if (row.name == name) return row;
    known.push_back(row.name);
  }
  if (!known.empty())
    fail(ErrorKind::usage, "--{} is '{}'; {} has {}", option, name,
         benchmark.name, fmt::join(known, ", "));
  if (benchmark.described)
    fail(ErrorKind::usage,
         "--{} is for {}; what a TOML file describes is asked as it says",
         option, where(option));
  fail(ErrorKind::usage, "--{} is for {}; {} leaves no choice there", option,
       where(option), benchmark.name);
}

}  // namespace

std::span<const Alternative> alternatives() {
  return rows;
}

std::vector<std::string_view> protocol_options() {
  std::vector<std::string_view> options;
  for (const auto& row : rows)
    if (options.empty() || options.back() != row.option)
      options.push_back(row.option);
  return options;
}

std::string describe_option(std::string_view option) {
  std::string text;
  Names last;
  for (const auto& row : rows) {
    if (row.option != option) continue;
    if (row.benchmarks.data() != last.data())
      text += fmt::format("{}{}: ", text.empty() ? "" : "; ",
                          fmt::join(row.benchmarks, ", "));
    else
      text += ", ";
    last = row.benchmarks;
    text += fmt::format("{} ({})", row.name, row.what);
  }
  return text;
}

void apply_protocol(Benchmark& benchmark, const ProtocolChoice& choice) {
  for (const auto& [option, name] : choice.names)
    if (!name.empty())
      alternative_for(option, name, benchmark).apply(benchmark);
  if (!choice.union_share) return;
  if (!std::isfinite(*choice.union_share) || *choice.union_share < 0)
    fail(ErrorKind::usage, "--union-share is {}, expected a number from 0 on",
         *choice.union_share);
  benchmark.union_share = *choice.union_share;
}

std::map<std::string_view, std::string_view> protocol_names(
    const Benchmark& benchmark, const ProtocolChoice& choice) {
  std::map<std::string_view, std::string_view> names;
  for (const auto& row : rows) {
    if (!is_for(row, row.option, benchmark)) continue;
    const auto chosen = choice.names.find(row.option);
    const bool by_name =
        chosen != choice.names.end() && !chosen->second.empty();
    if (!by_name || chosen->second == row.name)
      names.emplace(row.option, row.name);
  }
  return names;
}

}  // namespace igrot

#include "eval/benchmarks.h"

#include <algorithm>

#include "base/fail.h"
#include "eval/emoji_tasks.h"

namespace igrot {
namespace {

std::vector<EvalTask> read_emoji_sbir(const std::filesystem::path& root) {
  return emoji_sbir_tasks(read_emoji(root));
}

std::vector<EvalTask> read_emoji_cir(const std::filesystem::path& root) {
  const auto emoji = read_emoji(root);
  return {emoji_cir_task(emoji, read_emoji_questions(root, emoji))};
}

constexpr std::array<std::string_view, 2> emoji_lists{"emoji.jsonl",
                                                      "cir-test.jsonl"};

constexpr std::array rows{
    Benchmark{"emoji-sbir", "a drawing finds other drawings of the same",
              std::span(emoji_lists).first(1), emoji_sbir_words, Fusion::image,
              read_emoji_sbir},
    Benchmark{"emoji-cir", "a drawing and words find the emoji that is meant",
              emoji_lists, "", Fusion::sum, read_emoji_cir},
};

}  // namespace

std::span<const Benchmark> benchmarks() {
  return rows;
}

const Benchmark& find_benchmark(std::string_view name) {
  const auto found = std::ranges::find(rows, name, &Benchmark::name);
  if (found != rows.end()) return *found;
  std::string known;
  for (const auto& row : rows)
    known += (known.empty() ? "" : ", ") + std::string(row.name);
  fail(ErrorKind::usage, "there is no benchmark '{}'; known are {}", name,
       known);
}

}  // namespace igrot

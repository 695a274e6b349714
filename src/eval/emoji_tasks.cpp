#include "eval/emoji_tasks.h"

#include <algorithm>
#include <map>

namespace igrot {
namespace {

struct HandPair {
  std::string_view asked;
  std::string_view gallery;
};

constexpr std::array sbir_pairs{
    HandPair{"line", "openmoji"}, HandPair{"line", "noto"},
    HandPair{"symbola", "emojione"}, HandPair{"noto", "emojione"}};

EvalTask sbir_task(const std::vector<Emoji>& emoji, const HandPair& hands) {
  EvalTask task{
      .name = std::string(hands.asked) + "-" + std::string(hands.gallery),
      .gallery = {},
      .questions = {}};
  std::map<std::string_view, std::vector<std::size_t>> rows_of_concept;
  for (const auto& one : emoji) {
    const auto drawing = one.drawings.find(hands.gallery);
    if (drawing == one.drawings.end()) continue;
    rows_of_concept[one.concept_].push_back(task.gallery.size());
    task.gallery.push_back(drawing->second);
  }
  for (const auto& one : emoji) {
    const auto drawing = one.drawings.find(hands.asked);
    const auto relevant = rows_of_concept.find(one.concept_);
    if (drawing == one.drawings.end() || relevant == rows_of_concept.end())
      continue;
    task.questions.push_back({.picture = drawing->second,
                              .text = std::string(emoji_sbir_words),
                              .relevant = relevant->second,
                              .removed = {},
                              .split = one.split,
                              .kinds = {}});
  }
  return task;
}

}  // namespace

std::vector<EvalTask> emoji_sbir_tasks(const std::vector<Emoji>& emoji) {
  std::vector<EvalTask> tasks;
  for (const auto& hands : sbir_pairs) tasks.push_back(sbir_task(emoji, hands));
  return tasks;
}

EvalTask emoji_cir_task(const std::vector<Emoji>& emoji,
                        const std::vector<EmojiQuestion>& questions) {
  EvalTask task{.name = "cir", .gallery = {}, .questions = {}};
  std::vector<std::vector<std::size_t>> rows_of_emoji(emoji.size());
  std::map<std::filesystem::path, std::size_t> row_of_file;
  for (std::size_t i = 0; i < emoji.size(); ++i)
    for (const auto& hand : emoji_hands) {
      const auto drawing = emoji[i].drawings.find(hand.name);
      if (!hand.in_colour || drawing == emoji[i].drawings.end()) continue;
      rows_of_emoji[i].push_back(task.gallery.size());
      row_of_file.emplace(drawing->second, task.gallery.size());
      task.gallery.push_back(drawing->second);
    }
  for (const auto& asked : questions) {
    EvalQuestion question{.picture = asked.reference,
                          .text = asked.text,
                          .relevant = {},
                          .removed = {},
                          .split = asked.split,
                          .kinds = {asked.kind}};
    auto relevant = rows_of_emoji[asked.target];
    if (const auto own = row_of_file.find(asked.reference);
        own != row_of_file.end()) {
      question.removed.push_back(own->second);
      std::erase(relevant, own->second);
    }
    question.relevant = std::move(relevant);
    if (!question.relevant.empty()) task.questions.push_back(question);
  }
  return task;
}

}  // namespace igrot

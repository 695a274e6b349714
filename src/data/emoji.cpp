#include "data/emoji.h"

#include <algorithm>
#include <set>

#include "base/fail.h"
#include "data/json_records.h"
#include "data/text_file.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

fs::path list_in(const fs::path& root, std::string_view name) {
  auto file = root / name;
  std::error_code error;
  if (!fs::exists(file, error))
    fail(ErrorKind::not_found,
         "{}: there is no emoji benchmark; `script/emoji {}` makes it",
         file.string(), root.string());
  return file;
}

const std::string& some_text(const Record& record, std::string_view name) {
  const auto& text = record.text(name);
  if (text.empty()) fail(ErrorKind::corrupt, "'{}' is empty", name);
  return text;
}

const std::string& split_of(const Record& record) {
  const auto& split = record.text("split");
  if (std::ranges::find(emoji_splits, split) == emoji_splits.end())
    fail(ErrorKind::corrupt, "'split' is '{}', expected seen or unseen", split);
  return split;
}

fs::path drawing(const fs::path& root, const Record& record,
                 std::string_view name) {
  return picture_path(root, record.text(name), fmt::format("'{}'", name));
}

Emoji emoji_of(const Record& record, const fs::path& root) {
  Emoji emoji{.code = some_text(record, "code"),
              .name = some_text(record, "name"),
              .concept_ = some_text(record, "concept"),
              .base = some_text(record, "base"),
              .group = record.text("group"),
              .subgroup = record.text("subgroup"),
              .split = split_of(record),
              .drawings = {}};
  for (const auto& hand : emoji_hands)
    if (record.has(hand.name))
      emoji.drawings.emplace(hand.name, drawing(root, record, hand.name));
  return emoji;
}

using Places = std::map<std::string_view, std::size_t>;

/// The emoji of that code, which has to have the drawing that goes with it.
std::size_t place_of(const Record& record, std::string_view code_name,
                     const fs::path& drawing, std::string_view drawing_name,
                     const std::vector<Emoji>& emoji, const Places& places) {
  const auto& code = record.text(code_name);
  const auto found = places.find(code);
  if (found == places.end())
    fail(ErrorKind::corrupt, "'{}' is '{}', which emoji.jsonl does not have",
         code_name, code);
  const auto& drawings = emoji[found->second].drawings;
  if (std::ranges::none_of(
          drawings, [&](const auto& own) { return own.second == drawing; }))
    fail(ErrorKind::corrupt, "'{}' is no drawing of {}", drawing_name, code);
  return found->second;
}

}  // namespace

std::vector<Emoji> read_emoji(const fs::path& root) {
  const auto folder = fs::absolute(root);
  std::vector<Emoji> emoji;
  std::set<std::string> codes;
  for_each_line_record(list_in(root, "emoji.jsonl"), [&](const Record& record) {
    emoji.push_back(emoji_of(record, folder));
    if (!codes.insert(emoji.back().code).second)
      fail(ErrorKind::corrupt, "'code' {} stands on an earlier line",
           emoji.back().code);
  });
  return emoji;
}

std::vector<EmojiQuestion> read_emoji_questions(
    const fs::path& root, const std::vector<Emoji>& emoji) {
  const auto folder = fs::absolute(root);
  Places places;
  for (std::size_t i = 0; i < emoji.size(); ++i)
    places.emplace(emoji[i].code, i);
  std::vector<EmojiQuestion> questions;
  for_each_line_record(
      list_in(root, "cir-test.jsonl"), [&](const Record& record) {
        auto reference = drawing(folder, record, "reference");
        place_of(record, "reference_code", reference, "reference", emoji,
                 places);
        const auto target =
            place_of(record, "code", drawing(folder, record, "target"),
                     "target", emoji, places);
        questions.push_back({.reference = std::move(reference),
                             .text = record.text("text"),
                             .target = target,
                             .kind = some_text(record, "kind"),
                             .split = split_of(record)});
      });
  return questions;
}

}  // namespace igrot

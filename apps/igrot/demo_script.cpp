#include "demo_script.h"

#include "base/fail.h"
#include "base/file.h"
#include "data/emoji.h"
#include "lines.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t script_limit_bytes = 1 << 20;

DemoQuestion parse_question(const Json& json, const fs::path& pack) {
  DemoQuestion asked;
  asked.title = text_field(json, "title");
  asked.question.text = text_field(json, "text");
  if (json.contains("sketch"))
    asked.question.sketch = pack / text_field(json, "sketch");
  else
    asked.question.pictures.push_back({pack / text_field(json, "image"), 1});
  return asked;
}

DemoScript parse_script(const Json& json, const fs::path& pack) {
  DemoScript script;
  for (const auto& folder : json.at("folders"))
    script.folders.push_back(
        fs::weakly_canonical(pack / folder.get<std::string>()));
  for (const auto& question : json.at("questions"))
    script.questions.push_back(parse_question(question, pack));
  if (script.questions.empty())
    fail(ErrorKind::corrupt, "there are no questions");
  return script;
}

}  // namespace

DemoScript read_demo_script(const fs::path& file, const fs::path& pack) {
  return at(file.string(), [&] {
    const auto bytes = read_file(file, script_limit_bytes);
    try {
      return parse_script(parse_json(std::string(as_text(bytes))), pack);
    } catch (const Json::exception& problem) {
      fail(ErrorKind::corrupt, "{}", problem.what());
    }
  });
}

std::map<fs::path, std::string> never_seen(const fs::path& pack) {
  std::map<fs::path, std::string> pictures;
  for (const auto& emoji : read_emoji(pack))
    for (const auto& hand : emoji_hands) {
      const auto drawing = emoji.drawings.find(hand.name);
      if (drawing == emoji.drawings.end()) continue;
      const auto path = fs::weakly_canonical(drawing->second);
      if (emoji.split == "unseen")
        pictures.emplace(path, "the model has never seen this emoji");
      else if (!hand.trained_on)
        pictures.emplace(path, "the model has never seen this artist");
    }
  return pictures;
}

}  // namespace igrot::app

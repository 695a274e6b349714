#include "demo_script.h"

#include <algorithm>

#include "base/fail.h"
#include "base/file.h"
#include "lines.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view guessed_words = "with a big smile";
constexpr std::uint64_t script_limit_bytes = 1 << 20;

fs::path first_picture(const fs::path& folder) {
  std::vector<fs::path> pictures;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().extension() == ".png") pictures.push_back(entry.path());
  if (pictures.empty())
    fail(ErrorKind::not_found, "{}: the shipped pictures are not there",
         folder.string());
  return std::ranges::min(pictures);
}

DemoScript parse_script(const Json& json, const fs::path& folder) {
  DemoScript script;
  script.trained = json.value("trained", false);
  const auto& composed = json.at("composed");
  script.composed.pictures.push_back(
      {folder / text_field(composed, "image"), 1});
  script.composed.text = text_field(composed, "text");
  script.sketched.sketch = folder / text_field(json.at("sketch"), "image");
  return script;
}

DemoScript guess_script(const fs::path& folder) {
  DemoScript script;
  const auto picture = first_picture(folder / "pictures");
  script.composed.pictures.push_back({picture, 1});
  script.composed.text = guessed_words;
  script.sketched.sketch = picture;
  return script;
}

}  // namespace

DemoScript read_demo_script(const fs::path& folder) {
  const auto path = folder / "demo.json";
  std::error_code error;
  if (!fs::exists(path, error)) return guess_script(folder);
  return at(path.string(), [&] {
    const auto bytes = read_file(path, script_limit_bytes);
    try {
      return parse_script(parse_json(std::string(as_text(bytes))), folder);
    } catch (const Json::exception& problem) {
      fail(ErrorKind::corrupt, "{}", problem.what());
    }
  });
}

}  // namespace igrot::app

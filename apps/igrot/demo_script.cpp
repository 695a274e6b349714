#include "demo_script.h"

#include "base/fail.h"
#include "base/file.h"
#include "lines.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t script_limit_bytes = 1 << 20;

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

}  // namespace

DemoScript read_demo_script(const fs::path& folder) {
  const auto path = folder / "demo.json";
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

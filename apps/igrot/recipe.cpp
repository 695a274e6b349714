#include "recipe.h"

#include <algorithm>

#include "base/fail.h"
#include "lines.h"
#include "picture_options.h"

namespace igrot::app {
namespace {

std::string_view pad_name(Pad pad) {
  return std::ranges::find(pads, pad, &PadRow::pad)->name;
}

Recipe read_recipe(const Json& json) {
  Recipe recipe;
  recipe.target = find_choice(targets, json.at("target").get<std::string>());
  recipe.pad = pad_named(json.at("pad"));
  recipe.ratio = json.at("ratio");
  recipe.convert =
      json.at("convert_first") ? Convert::first : Convert::as_opened;
  recipe.exif = json.at("exif") ? Exif::rotate : Exif::ignore;
  recipe.alpha = alpha_named(json.at("alpha"));
  recipe.icc = icc_named(json.value("icc", "ignore"));
  recipe.activation = json.at("activation");
  return recipe;
}

}  // namespace

OpenOptions Recipe::open_options() const {
  OpenOptions options;
  options.exif = exif;
  options.icc = icc;
  return options;
}

Preprocess Recipe::preprocess(Preprocess model) const {
  auto preprocess = model;
  preprocess.pad = pad;
  preprocess.ratio = ratio;
  preprocess.convert = convert;
  preprocess.alpha = alpha;
  return preprocess;
}

Recipe recipe_from_settings(const Session& session, const Recipe& known) {
  const auto& settings = session.settings;
  const auto given = [&](std::string_view name) {
    return !settings.find(name).is_default;
  };
  auto recipe = known;
  if (given("target")) recipe.target = settings.choice(targets, "target");
  if (given("pad")) recipe.pad = pad_named(settings.text("pad"));
  if (given("ratio")) recipe.ratio = double{settings.number("ratio")};
  if (given("convert-first"))
    recipe.convert =
        settings.yes("convert-first") ? Convert::first : Convert::as_opened;
  if (given("exif"))
    recipe.exif = settings.yes("exif") ? Exif::rotate : Exif::ignore;
  if (given("alpha")) recipe.alpha = alpha_named(settings.text("alpha"));
  if (given("icc")) recipe.icc = icc_named(settings.text("icc"));
  if (given("activation")) recipe.activation = settings.text("activation");
  return recipe;
}

std::string recipe_json(const Recipe& recipe) {
  const auto target = recipe.target ? name_of(targets, *recipe.target) : "auto";
  Json json{{"target", target},
            {"pad", pad_name(recipe.pad)},
            {"ratio", recipe.ratio},
            {"convert_first", recipe.convert == Convert::first},
            {"exif", recipe.exif == Exif::rotate},
            {"alpha", recipe.alpha == Alpha::white ? "white" : "drop"},
            {"activation", recipe.activation}};
  // Galleries from before the setting have no word for it.
  if (recipe.icc == Icc::apply) json["icc"] = "apply";
  return json_text(json);
}

Recipe parse_recipe(const std::string& json) {
  const auto parsed = parse_json(json);
  try {
    return read_recipe(parsed);
  } catch (const Json::exception& error) {
    fail(ErrorKind::corrupt, "the gallery's settings cannot be read: {}",
         error.what());
  }
}

}  // namespace igrot::app

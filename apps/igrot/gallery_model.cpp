#include "gallery_model.h"

#include <sys/stat.h>

#include "base/fail.h"
#include "lines.h"
#include "model_choice.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

// Size and time of a model file say whether its weights have to be hashed
// again; a folder always has to.
Json file_stamp(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
    return nullptr;
  return {{"size_bytes", status.st_size},
          {"modified_ns", std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 +
                              status.st_mtim.tv_nsec}};
}

std::string prefix(const std::string& fingerprint) {
  return fingerprint.substr(0, 12);
}

void expect_weights(const ActiveModel& model, const std::string& expected) {
  const auto& found = model.retriever.fingerprint();
  if (found == expected) return;
  fail(ErrorKind::usage,
       "{} is not the model that made this gallery (weights {}, expected {}): "
       "name that one with --model, or index the pictures again into another "
       "--gallery",
       model.path.string(), prefix(found), prefix(expected));
}

}  // namespace

RememberedModel remembered(const GalleryModel& model) {
  const auto description = parse_json(model.description);
  if (!description.is_object() || !description.contains("recipe"))
    fail(ErrorKind::corrupt, "the gallery's description has no recipe");
  return {model.path, model.sha256,
          parse_recipe(json_text(description["recipe"]))};
}

ActiveModel load_active(const Session& session, const fs::path& path,
                        Recipe recipe) {
  auto options =
      load_options(session, session.settings.choice(precisions, "precision")
                                .value_or(Precision::automatic));
  if (!recipe.activation.empty()) options.activation = recipe.activation;
  std::error_code error;
  const auto absolute = fs::weakly_canonical(path, error);
  auto retriever = Retriever::load(absolute, options);
  recipe.activation = retriever.info().activation;
  if (!recipe.target)
    recipe.target =
        retriever.has_union_head() ? Target::union_ : Target::original;
  return {std::move(retriever), absolute, std::move(recipe)};
}

GalleryModel describe_active(const ActiveModel& model) {
  const auto& weights = model.retriever.fingerprint();
  const auto recipe = parse_json(recipe_json(model.recipe));
  const auto convention = name_of(sum_conventions, SumConvention::eval);
  return {.fingerprint = json_text({{"weights", weights},
                                    {"sum_convention", convention},
                                    {"recipe", recipe}}),
          .width = model.retriever.width(),
          .path = model.path,
          .sha256 = weights,
          .description = json_text({{"layout", model.retriever.info().layout},
                                    {"recipe", recipe},
                                    {"file", file_stamp(model.path)}})};
}

bool is_untouched(const GalleryModel& model) {
  const auto description = parse_json(model.description);
  const auto stamp = file_stamp(model.path);
  return !stamp.is_null() && description.is_object() &&
         description.value("file", Json()) == stamp;
}

fs::path model_path(const Session& session, const RememberedModel& known) {
  if (auto given = given_model(session)) return *given;
  std::error_code error;
  if (!fs::exists(known.path, error))
    fail(ErrorKind::not_found,
         "the model of this gallery is no longer at {}: say with --model where "
         "it is now",
         known.path.string());
  return known.path;
}

ActiveModel load_for(const Session& session, const Gallery& gallery) {
  const auto known = remembered(gallery.model());
  auto model = load_active(session, model_path(session, known), known.recipe);
  const bool same_file = model.path == known.path;
  if (!same_file || !is_untouched(gallery.model()))
    expect_weights(model, known.fingerprint);
  return model;
}

}  // namespace igrot::app

#include "ask.h"

#include "base/fail.h"

namespace igrot::app {
namespace {

Tensor pixels_of(const std::filesystem::path& path,
                 const PictureRecipe& recipe) {
  const auto image = Image::open(path, recipe.open);
  return at(path.string(), [&] { return prepare(image, recipe.preprocess); });
}

std::size_t picture_count(const Question& question) {
  return question.pictures.size() + (question.sketch ? 1 : 0);
}

float total_weight(const Question& question) {
  float total = question.sketch ? 1.0F : 0.0F;
  for (const auto& picture : question.pictures) total += picture.weight;
  return total;
}

// "2:a.jpg + night" or "a.jpg + 2:night".
bool weighs_words(const Question& question) {
  const bool one_heavy =
      picture_count(question) == 1 && total_weight(question) != 1;
  return question.text_weight != 1 || one_heavy;
}

}  // namespace

AskSettings ask_settings(const Session& session) {
  const auto& settings = session.settings;
  return {.fusion = settings.choice(fusions, "fusion"),
          .picture_weight = settings.number("weight"),
          .negative_weight = settings.number("negative-weight"),
          .sketch_prompt = settings.text("sketch-prompt")};
}

FusionChoice choose_fusion(const Question& question,
                           const AskSettings& settings,
                           bool model_has_transagg) {
  if (settings.fusion) return {*settings.fusion, settings.picture_weight};
  if (!question.has_pictures()) return {Fusion::text};
  const bool words = !question.text.empty();
  if (words && weighs_words(question)) {
    const auto share = total_weight(question);
    return {Fusion::weighted, share / (share + question.text_weight)};
  }
  if (model_has_transagg && picture_count(question) == 1)
    return {Fusion::transagg};
  return {words ? Fusion::sum : Fusion::image};
}

Query make_query(Question& question, const AskSettings& settings,
                 const PictureRecipe& recipe, bool model_has_transagg) {
  if (question.sketch && question.text.empty())
    question.text = settings.sketch_prompt;
  if (question.empty())
    fail(ErrorKind::usage,
         "nothing to look for: give words, --image or --sketch");
  const auto choice = choose_fusion(question, settings, model_has_transagg);
  Query query;
  query.fusion = choice.fusion;
  query.picture_weight = choice.picture_weight;
  query.negative_weight =
      question.negative_weight.value_or(settings.negative_weight);
  for (const auto& [path, weight] : question.pictures)
    query.pictures.push_back({pixels_of(path, recipe), weight});
  if (question.sketch)
    query.pictures.push_back({pixels_of(*question.sketch, recipe), 1});
  if (!question.text.empty() || choice.fusion == Fusion::transagg)
    query.text = question.text;
  for (const auto& path : question.negative_pictures)
    query.negative_pictures.push_back(pixels_of(path, recipe));
  query.negative_texts = question.negative_texts;
  return query;
}

}  // namespace igrot::app

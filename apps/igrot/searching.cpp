#include "searching.h"

#include <chrono>

#include "ask.h"
#include "base/file.h"
#include "gallery_place.h"

namespace igrot::app {

Found ask_gallery(const Session& session, const Gallery& gallery,
                  const ActiveModel& model, Question question) {
  const auto start = std::chrono::steady_clock::now();
  const auto& settings = session.settings;
  const PictureRecipe recipe{
      model.recipe.open_options(),
      model.recipe.preprocess(model.retriever.preprocess())};
  const auto query = make_query(question, ask_settings(session), recipe,
                                model.retriever.has_fusion());
  const auto vector = model.retriever.query(query);
  SearchOptions options{.k = settings.count("k")};
  if (!settings.find("min-score").is_default)
    options.min_score = settings.number("min-score");
  Found found{.question = std::move(question),
              .fusion = *query.fusion,
              .pictures = {},
              .ms = 0};
  auto hits = gallery.search(vector.matrix(), options);
  for (auto& hit : hits.at(0))
    found.pictures.push_back(
        {found.pictures.size() + 1, hit.id, std::move(hit.path), hit.score});
  const std::chrono::duration<double, std::milli> passed =
      std::chrono::steady_clock::now() - start;
  found.ms = passed.count();
  return found;
}

void write_report(const ReportRequest& request, const Gallery& gallery,
                  const ActiveModel& model) {
  const auto pictures = gallery.counts().indexed;
  const auto target = name_of(targets, *model.recipe.target);
  const Report report{
      .title = request.title,
      .note = request.note,
      .questions = request.questions,
      .facts = {{"Model",
                 fmt::format("{} (target {}, weights {})", model.path.string(),
                             target, gallery.model().sha256.substr(0, 12))},
                {"Gallery", fmt::format("{} ({} pictures)",
                                        gallery.folder().string(), pictures)},
                {"Date", date_now()},
                {"igrot", IGROT_VERSION}}};
  AtomicFile file(request.out);
  file.write(html(report));
  file.commit();
}

std::filesystem::path pictures_folder(const Gallery& gallery) {
  const auto& folder = gallery.folder();
  return folder.filename() == gallery_name ? folder.parent_path() : folder;
}

}  // namespace igrot::app

#include "found.h"

#include <fmt/format.h>

#include <ctime>

#include "thumbnail.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

ReportPart picture_part(std::string role, const fs::path& path, float weight) {
  auto caption = path.filename().string();
  if (weight != 1) caption += fmt::format(", weight {}", weight);
  return {std::move(role), {}, {thumbnail(path, std::move(caption))}};
}

std::vector<ReportPart> parts_of(const Question& question) {
  std::vector<ReportPart> parts;
  for (const auto& [path, weight] : question.pictures)
    parts.push_back(picture_part("picture", path, weight));
  if (question.sketch)
    parts.push_back(picture_part("sketch", *question.sketch, 1));
  if (!question.text.empty()) parts.push_back({"words", question.text, {}});
  for (const auto& path : question.negative_pictures)
    parts.push_back(picture_part("not", path, 1));
  for (const auto& text : question.negative_texts)
    parts.push_back({"not", text, {}});
  return parts;
}

Json paths_json(const std::vector<fs::path>& paths) {
  auto list = Json::array();
  for (const auto& path : paths) list.push_back(path.string());
  return list;
}

}  // namespace

std::string shown_path(const fs::path& path, const fs::path& folder) {
  const auto relative = path.lexically_relative(folder);
  const bool below = !relative.empty() && *relative.begin() != "..";
  return (below ? relative : path).string();
}

void print_table(const Found& found, const fs::path& folder,
                 const Terminal& terminal) {
  for (const auto& picture : found.pictures) {
    const auto path = printable(shown_path(picture.path, folder));
    const auto behind =
        picture.remark.empty() ? "" : fmt::format("  ({})", picture.remark);
    print(fmt::format(
        "{}  {:7.4f}  {}{}\n",
        styled(fmt::format("{:>3}", picture.rank), "1", terminal.colour),
        picture.score, path, styled(behind, "2", terminal.colour)));
  }
}

void print_paths(const Found& found, bool null) {
  for (const auto& picture : found.pictures)
    if (null)
      print(picture.path.native() + '\0');
    else
      print(printable(picture.path.native()) + "\n");
}

Json question_json(const Found& found) {
  const auto& question = found.question;
  auto pictures = Json::array();
  for (const auto& [path, weight] : question.pictures)
    pictures.push_back({{"path", path.string()}, {"weight", weight}});
  Json json{{"pictures", pictures},
            {"sketch", nullptr},
            {"text", nullptr},
            {"not", question.negative_texts},
            {"not_pictures", paths_json(question.negative_pictures)},
            {"fusion", name_of(fusions, found.fusion)}};
  if (question.sketch) json["sketch"] = question.sketch->string();
  if (!question.text.empty()) json["text"] = question.text;
  return json;
}

Json hits_json(const Found& found) {
  auto hits = Json::array();
  for (const auto& picture : found.pictures)
    hits.push_back({{"rank", picture.rank},
                    {"id", picture.id},
                    {"path", picture.path.string()},
                    {"score", picture.score}});
  return hits;
}

ReportQuestion report_section(const Found& found, std::string title,
                              const fs::path& folder) {
  ReportQuestion section{.title = std::move(title),
                         .parts = parts_of(found.question),
                         .fusion = std::string(name_of(fusions, found.fusion)),
                         .hits = {},
                         .ms = found.ms};
  for (const auto& picture : found.pictures)
    section.hits.push_back(
        {picture.rank, picture.score,
         thumbnail(picture.path, shown_path(picture.path, folder)),
         picture.remark});
  return section;
}

std::string title_of(const Question& question) {
  std::string title;
  const auto add = [&](const std::string& part) {
    title += (title.empty() ? "" : ", ") + part;
  };
  for (const auto& picture : question.pictures)
    add(picture.path.filename().string());
  if (question.sketch) add(question.sketch->filename().string());
  if (!question.text.empty()) add("\u201c" + question.text + "\u201d");
  return title;
}

std::string date_now() {
  const auto now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  char text[32];
  const auto size = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &local);
  return {text, size};
}

}  // namespace igrot::app

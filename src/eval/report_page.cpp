#include "eval/report_page.h"

#include <algorithm>

#include "base/ahead.h"
#include "base/fail.h"
#include "base/file.h"
#include "base/html.h"
#include "eval/report_page_style.h"
#include "image/picture_uri.h"
#include "metrics/scores.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t picture_side = 72;

/// The pictures of the page, each once, however often it is shown: they are
/// backgrounds of classes.
class Pictures {
 public:
  /// A picture as an element; it is written by `style` later.
  std::string shown(const fs::path& file, bool is_right) {
    const auto [found, is_new] = numbers_.emplace(file, files_.size());
    if (is_new) files_.push_back(file);
    const auto name = html_escaped(file.parent_path().filename().string() +
                                   "/" + file.filename().string());
    return fmt::format(
        "<span class=\"picture p{}{}\" role=\"img\" title=\"{}\" "
        "aria-label=\"{}{}\"></span>",
        found->second, is_right ? " right" : "", name,
        is_right ? "right: " : "", name);
  }

  /// A rule for each; those that cannot be read stay blank.
  std::string style(const EvalReport& report) const {
    auto preprocess = report.preprocess;
    preprocess.side = picture_side;
    const auto threads = report.runtime.thread_count();
    Ahead<std::string> ahead(
        files_.size(), threads, 2 * threads, [&](std::size_t i) {
          try {
            return fmt::format(
                ".p{}{{background-image:url({})}}\n", i,
                picture_uri(square_picture(Image::open(files_[i]), preprocess,
                                           report.recipe)));
          } catch (const Error&) {
            return std::string();
          }
        });
    std::string rules;
    while (const auto rule = ahead.next()) rules += *rule;
    return rules;
  }

 private:
  std::map<fs::path, std::size_t> numbers_;
  std::vector<fs::path> files_;
};

std::string table_head(const EvalTable& table) {
  std::string head = "<thead><tr>";
  if (!table.splits.empty()) {
    for (std::size_t i = 0; i < table.labels.size(); ++i) head += "<td></td>";
    for (const auto& split : table.splits)
      head += fmt::format("<th class=\"split\" colspan=\"{}\">{}</th>",
                          table.columns.size(), html_escaped(split));
    head += "</tr>\n<tr>";
  }
  for (const auto& label : table.labels)
    head += fmt::format("<th class=\"label\">{}</th>", html_escaped(label));
  for (std::size_t i = 0; i < table.value_count(); ++i)
    head += fmt::format("<th{}>{}</th>",
                        i % table.columns.size() == 0 ? " class=\"first\"" : "",
                        html_escaped(table.column(i).name));
  return head + "</tr></thead>\n";
}

std::string table_html(const EvalTable& table) {
  auto html = "<div class=\"scroll\"><table>\n" + table_head(table) + "<tbody>";
  for (const auto& row : table.rows) {
    html += "<tr>";
    for (const auto& label : row.labels)
      html += fmt::format("<td class=\"label\">{}</td>", html_escaped(label));
    for (std::size_t i = 0; i < row.values.size(); ++i)
      html +=
          fmt::format("<td{}>{}</td>",
                      i % table.columns.size() == 0 ? " class=\"first\"" : "",
                      shown_value(table, row, i));
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

/// Where the first right answer came out, where that is known.
std::string place_text(const EvalTask& task, const EvalRanking& ranking,
                       std::size_t q) {
  if (!task.judged || ranking.first[q] == unranked) return "";
  return fmt::format(" \u00b7 first right: {} of {}", ranking.first[q] + 1,
                     task.gallery.size() - task.questions[q].removed.size());
}

std::string question_html(const EvalReport& report, const EvalTask& task,
                          const EvalRanking& ranking, std::size_t q,
                          Pictures& pictures) {
  const auto& question = task.questions[q];
  auto html = fmt::format("<li><div class=\"question\">{}<div>",
                          pictures.shown(question.picture, false));
  html += fmt::format("<p class=\"words{}\">{}</p>",
                      ranking.method == Fusion::image ? " unread" : "",
                      html_escaped(question.text));
  auto facts = question.split;
  for (const auto& kind : question.kinds) facts += " \u00b7 " + kind;
  html += fmt::format(
      "<p class=\"place\">{}{}</p></div></div>\n<ul class=\"hits\">",
      html_escaped(facts), place_text(task, ranking, q));
  for (const auto& [score, row] :
       first_rows(ranking.queries.matrix().row(q), ranking.gallery->matrix(),
                  question.removed, report.hits)) {
    const bool is_right =
        std::ranges::find(question.relevant, row) != question.relevant.end();
    html += "<li>" + pictures.shown(task.gallery[row], is_right) + "</li>";
  }
  return html + "</ul></li>\n";
}

std::string ranking_html(const EvalReport& report, const EvalTask& task,
                         const EvalRanking& ranking, Pictures& pictures) {
  auto shown = spread_indices(task.questions.size(), report.questions);
  if (task.judged)
    std::ranges::stable_sort(shown, std::ranges::greater(),
                             [&](std::size_t q) { return ranking.first[q]; });
  auto html = fmt::format(
      "<details><summary>{}, {}: {} of {} questions</summary>\n"
      "<ol class=\"asked\">\n",
      html_escaped(task.name), name_of(eval_methods, ranking.method),
      shown.size(), task.questions.size());
  for (const auto q : shown)
    html += question_html(report, task, ranking, q, pictures);
  return html + "</ol></details>\n";
}

}  // namespace

void write_report_page(const fs::path& page, const EvalReport& report,
                       const Evaluation& evaluation) {
  Pictures pictures;
  auto body = fmt::format("<h1>{}</h1>\n", html_escaped(report.title));
  for (const auto& table : report.tables)
    if (!table.rows.empty()) body += table_html(table);
  body += fmt::format(
      "<h2>Questions</h2>\n<p class=\"note\">Of each ranking up to {} "
      "questions, evenly spread over all; those whose right answer comes "
      "latest "
      "stand first. The asked picture, then the first {} found: right ones "
      "are framed and ticked.</p>\n",
      report.questions, report.hits);
  for (const auto& ranking : evaluation.rankings)
    body +=
        ranking_html(report, evaluation.tasks[ranking.task], ranking, pictures);
  body += "<h2>Settings</h2>\n" + fact_list(report.facts);

  AtomicFile file(page);
  file.write(page_start(
      report.title, std::string(report_page_style) + pictures.style(report)));
  file.write(body);
  file.write(page_end());
  file.commit();
}

}  // namespace igrot

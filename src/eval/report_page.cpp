#include "eval/report_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/html.h"
#include "eval/found_rows.h"
#include "eval/page_file.h"
#include "eval/page_style.h"
#include "eval/question_card.h"
#include "eval/rank_histogram.h"
#include "eval/table_html.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

/// Takes `count` of a list, evenly spread.
std::vector<std::size_t> spread(const std::vector<std::size_t>& list,
                                std::size_t count) {
  std::vector<std::size_t> taken;
  for (const auto i : spread_indices(list.size(), count))
    taken.push_back(list[i]);
  return taken;
}

std::string method_name(const EvalRanking& ranking) {
  return std::string(name_of(eval_methods, ranking.method));
}

/// "first right: 3 of 40".
std::string place_text(const EvalTask& task, const EvalRanking& ranking,
                       std::size_t q) {
  if (ranking.first[q] == unranked) return "nothing is right";
  return fmt::format("first right: {} of {}", ranking.first[q] + 1,
                     task.gallery.size() - task.questions[q].removed.size());
}

/// A page in the making.
class Page {
 public:
  Page(const EvalReport& report, const Evaluation& evaluation)
      : report_(report), evaluation_(evaluation) {}

  /// Everything in <main>.
  std::string body();

  std::string style() const {
    auto preprocess = report_.preprocess;
    preprocess.side = page_picture_side;
    return std::string(page_style) +
           pictures_.style(report_.runtime.thread_count(),
                           [&](const fs::path& file) {
                             return square_picture(Image::open(file),
                                                   preprocess, report_.recipe);
                           });
  }

 private:
  std::string ranking(const EvalRanking& ranking);
  QuestionCard card(const EvalTask& task, const EvalRanking& ranking,
                    std::size_t q) const;
  std::vector<std::string> notes(const EvalTask& task,
                                 const EvalRanking& ranking,
                                 std::size_t q) const;

  const EvalReport& report_;
  const Evaluation& evaluation_;
  PagePictures pictures_;
  CardChoices choices_;
};

/// Split and kinds, the place, and where other methods have it.
std::vector<std::string> Page::notes(const EvalTask& task,
                                     const EvalRanking& ranking,
                                     std::size_t q) const {
  std::vector<std::string> parts;
  const auto& question = task.questions[q];
  if (!question.split.empty()) parts.push_back(question.split);
  parts.insert(parts.end(), question.kinds.begin(), question.kinds.end());
  if (task.judged) parts.push_back(place_text(task, ranking, q));
  std::string line;
  for (const auto& part : parts)
    line += (line.empty() ? "" : " \u00b7 ") + part;
  std::vector<std::string> lines{line};
  std::string others;
  for (const auto& other : evaluation_.rankings)
    if (task.judged && other.task == ranking.task &&
        other.method != ranking.method && other.first[q] != unranked)
      others += fmt::format("{}{} {}", others.empty() ? "" : " \u00b7 ",
                            method_name(other), other.first[q] + 1);
  if (!others.empty()) lines.push_back(others);
  return lines;
}

QuestionCard Page::card(const EvalTask& task, const EvalRanking& ranking,
                        std::size_t q) const {
  const auto& question = task.questions[q];
  const auto found = found_rows(task, ranking, q, report_.hits);
  CardRow row;
  for (const auto& [score, hit] : found.first)
    row.hits.push_back({task.gallery[hit], score, is_right(question, hit)});
  if (found.answer) {
    row.place = ranking.first[q] + 1;
    row.answer = task.gallery[found.answer->row];
  }
  return {.task = task.name,
          .method = method_name(ranking),
          .split = question.split,
          .kinds = question.kinds,
          .picture = question.picture,
          .words = question.text,
          .picture_read = ranking.method != Fusion::text,
          .words_read = ranking.method != Fusion::image,
          .judged = task.judged,
          .notes = notes(task, ranking, q),
          .rows = {row},
          .asked = q};
}

std::string shown_text(const ShownQuestions& shown, const EvalTask& task) {
  if (!task.judged)
    return fmt::format("{} of {} questions, evenly spread.",
                       shown.questions.size(), task.questions.size());
  return fmt::format(
      "{} of {} questions: {} of {} misses and {} of {} hits, each evenly "
      "spread from the worst on.",
      shown.questions.size(), task.questions.size(), shown.misses,
      shown.all_misses, shown.questions.size() - shown.misses,
      task.questions.size() - shown.all_misses);
}

std::string Page::ranking(const EvalRanking& ranking) {
  const auto& task = evaluation_.tasks[ranking.task];
  const auto shown =
      shown_questions(task, ranking, report_.questions, report_.hits);
  // The last method is the composed one, which people look at first.
  const bool open = ranking.method == evaluation_.rankings.back().method;
  auto html = fmt::format(
      "<details class=\"ranking\"{}>\n<summary><h3>{}, {}</h3></summary>\n",
      open ? " open" : "", html_escaped(task.name), method_name(ranking));
  if (task.judged)
    html += "<figure>" + histogram_svg(ranking.first) +
            "<figcaption>Questions by the rank of the first right "
            "answer</figcaption></figure>\n";
  html += fmt::format("<p class=\"note\">{}</p>\n<ol class=\"asked\">\n",
                      shown_text(shown, task));
  for (const auto q : shown.questions) {
    const auto question = card(task, ranking, q);
    choices_.add(question);
    html += card_html(question, pictures_);
  }
  return html + "</ol></details>\n";
}

std::string Page::body() {
  auto top = fmt::format(
      "<nav class=\"skip\"><a href=\"#questions\">To the questions</a> "
      "<a href=\"#settings\">To the settings</a></nav>\n<h1>{}</h1>\n",
      html_escaped(report_.title));
  for (const auto& table : report_.tables) top += table_html(table);
  std::string rankings;
  for (const auto& each : evaluation_.rankings) rankings += ranking(each);
  top += fmt::format(
      "<h2 id=\"questions\">Questions</h2>\n<p class=\"note\">The asked "
      "picture and words, then the first {} found with their scores: right "
      "ones are framed and ticked. A question is a hit where one of them is "
      "right; else the right one that comes first stands at the end with its "
      "rank.</p>\n",
      report_.hits);
  return top + filter_form_html(choices_) + rankings +
         "<h2 id=\"settings\">Settings</h2>\n" + fact_list(report_.facts);
}

}  // namespace

ShownQuestions shown_questions(const EvalTask& task, const EvalRanking& ranking,
                               std::size_t count, std::size_t hits) {
  if (!task.judged)
    return {.questions = spread_indices(task.questions.size(), count)};
  std::vector<std::size_t> missed;
  std::vector<std::size_t> found;
  for (std::size_t q = 0; q < task.questions.size(); ++q)
    (ranking.first[q] < hits ? found : missed).push_back(q);
  for (auto* list : {&missed, &found})
    std::ranges::stable_sort(*list, std::ranges::greater(),
                             [&](std::size_t q) { return ranking.first[q]; });
  const auto room = count - std::min(count, found.size());
  const auto misses = std::min(missed.size(), std::max((count + 1) / 2, room));
  auto shown = spread(missed, misses);
  std::ranges::copy(spread(found, count - misses), std::back_inserter(shown));
  return {.questions = std::move(shown),
          .misses = misses,
          .all_misses = missed.size()};
}

void write_report_page(const fs::path& page, const EvalReport& report,
                       const Evaluation& evaluation) {
  Page made(report, evaluation);
  const auto body = made.body();
  write_page(page, report.title, made.style(), body);
}

}  // namespace igrot

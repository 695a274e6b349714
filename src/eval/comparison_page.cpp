#include "eval/comparison_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/html.h"
#include "eval/page_file.h"
#include "eval/page_style.h"
#include "eval/question_card.h"
#include "eval/table_html.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

CardRow row_of(std::string label, const LoggedQuestion& question,
               const fs::path& root) {
  CardRow row;
  row.label = std::move(label);
  row.place = question.first;
  for (const auto& hit : question.hits)
    row.hits.push_back({root / hit.picture, hit.score, hit.right});
  if (!question.answer.empty()) row.answer = root / question.answer;
  return row;
}

std::string ways(const ChangedCard& card) {
  if (card.a.method == card.b.method) return card.a.method;
  return card.a.method + " -> " + card.b.method;
}

QuestionCard card_of(const ChangedCard& card, const ComparisonReport& report,
                     std::size_t place) {
  std::vector<std::string> notes{card.b.task};
  for (const auto& part : {card.b.split, ways(card)})
    if (!part.empty() && part != card.b.task) notes[0] += " \u00b7 " + part;
  for (const auto& kind : card.b.kinds) notes[0] += " \u00b7 " + kind;
  notes.push_back(
      fmt::format("{} {:+.1f}", report.metric, 100 * card.difference));
  return {.task = card.b.task,
          .method = ways(card),
          .split = card.b.split,
          .kinds = card.b.kinds,
          .picture = report.root / card.b.picture,
          .words = card.b.text,
          .notes = std::move(notes),
          .rows = {row_of("A", card.a, report.root),
                   row_of("B", card.b, report.root)},
          .asked = place};
}

/// The picture in a square of the page's size at most.
Image small_picture(const fs::path& file) {
  const auto picture =
      Image::open(file, {.exif = Exif::rotate}).to_rgb(Alpha::white);
  const auto longer = std::max(picture.width(), picture.height());
  if (longer <= page_picture_side) return picture;
  const auto scaled = [&](std::size_t length) {
    return std::max<std::size_t>(1, length * page_picture_side / longer);
  };
  return resize(picture, scaled(picture.width()), scaled(picture.height()));
}

class Page {
 public:
  explicit Page(const ComparisonReport& report) : report_(report) {}

  std::string body() {
    const auto wins = changes("Biggest wins of B", report_.wins);
    const auto losses = changes("Biggest losses of B", report_.losses);
    auto html = fmt::format(
        "<nav class=\"skip\"><a href=\"#questions\">To the questions</a>"
        "</nav>\n<h1>{}</h1>\n",
        html_escaped(report_.title));
    html += table_html(report_.table);
    for (const auto& note : report_.notes)
      html += fmt::format("<p class=\"note\">{}</p>\n", html_escaped(note));
    html += settings();
    html += fmt::format(
        "<h2 id=\"questions\">Questions</h2>\n<p class=\"note\">Those whose "
        "{} changed most; equal ones by how far the first right answer "
        "moved. Filters look at what B found.</p>\n",
        html_escaped(report_.metric));
    return html + filter_form_html(choices_, "biggest change first") + wins +
           losses;
  }

  std::string style() const {
    return std::string(page_style) +
           pictures_.style(report_.runtime.thread_count(), small_picture);
  }

 private:
  std::string changes(std::string_view title,
                      const std::vector<ChangedCard>& cards) {
    auto html = fmt::format(
        "<details class=\"ranking\" open>\n<summary><h3>{}</h3></summary>\n",
        title);
    if (cards.empty()) html += "<p class=\"note\">None.</p>\n";
    html += "<ol class=\"asked\">\n";
    for (const auto& each : cards) {
      const auto card = card_of(each, report_, made_++);
      choices_.add(card);
      html += card_html(card, pictures_);
    }
    return html + "</ol></details>\n";
  }

  std::string settings() const {
    if (report_.settings.empty())
      return "<p class=\"note\">All settings are the same.</p>\n";
    std::string html =
        "<h2>Settings that differ</h2>\n<div class=\"scroll\" tabindex=\"0\" "
        "role=\"region\" aria-label=\"Settings that differ\"><table "
        "class=\"settings\">\n<thead><tr><th class=\"label\">setting</th>"
        "<th class=\"label\">A</th><th class=\"label\">B</th></tr></thead>"
        "<tbody>";
    for (const auto& [name, a, b] : report_.settings)
      html += fmt::format(
          "<tr><td class=\"label\">{}</td><td class=\"label\">{}</td>"
          "<td class=\"label\">{}</td></tr>\n",
          html_escaped(name), html_escaped(a), html_escaped(b));
    return html + "</tbody></table></div>\n";
  }

  const ComparisonReport& report_;
  PagePictures pictures_;
  CardChoices choices_;
  std::size_t made_ = 0;
};

}  // namespace

void write_comparison_page(const fs::path& page,
                           const ComparisonReport& report) {
  Page made(report);
  const auto body = made.body();
  write_page(page, report.title, made.style(), body);
}

}  // namespace igrot

#include "eval/question_card.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/html.h"
#include "eval/rank_histogram.h"

namespace igrot {
namespace {

/// A picture as an element. said: before its name, for whoever does not see.
std::string picture_html(const std::filesystem::path& file,
                         PagePictures& pictures, std::string_view more_classes,
                         std::string_view said) {
  const auto name = html_escaped(short_name(file));
  return fmt::format(
      "<span class=\"picture {}{}\" role=\"img\" title=\"{}\" "
      "aria-label=\"{}{}\"></span>",
      pictures.class_of(file), more_classes, name, said, name);
}

std::string hits_html(const CardRow& row, PagePictures& pictures) {
  std::string html = "<ol class=\"hits\">";
  for (const auto& hit : row.hits)
    html += fmt::format(
        "<li>{}<small>{:.3f}</small></li>",
        picture_html(hit.picture, pictures, hit.right ? " right" : "",
                     hit.right ? "right: " : ""),
        hit.score);
  if (row.answer && !is_hit(row))
    html += fmt::format(
        "<li class=\"answer\">{}<small>rank {}</small></li>",
        picture_html(*row.answer, pictures, " right", "the right one: "),
        row.place.value_or(0));
  return html + "</ol>\n";
}

std::string row_html(const QuestionCard& card, const CardRow& row,
                     PagePictures& pictures) {
  std::string head;
  if (!row.label.empty())
    head = fmt::format("<p class=\"way\"><b>{}</b> {}</p>\n",
                       html_escaped(row.label),
                       row.place ? fmt::format("first right: {}", *row.place)
                       : card.judged ? "nothing is right"
                                     : "");
  return head + hits_html(row, pictures);
}

/// What the script filters and orders by.
std::string data_html(const QuestionCard& card) {
  std::string kinds;
  for (const auto& kind : card.kinds) kinds += kind + "\n";
  auto html = fmt::format(
      "data-task=\"{}\" data-method=\"{}\" data-split=\"{}\" data-kinds=\"{}\" "
      "data-asked=\"{}\"",
      html_escaped(card.task), html_escaped(card.method),
      html_escaped(card.split), html_escaped(kinds), card.asked);
  if (card.rows.empty()) return html;
  const auto& row = card.rows.back();
  if (!row.hits.empty())
    html += fmt::format(" data-score=\"{}\"", row.hits.front().score);
  if (!card.judged) return html;
  html += fmt::format(" data-found=\"{}\"", is_hit(row) ? "hit" : "miss");
  if (row.place)
    html += fmt::format(" data-place=\"{}\" data-bin=\"{}\"", *row.place,
                        *rank_bin(*row.place - 1));
  return html;
}

std::string select_html(
    std::string_view name, std::string_view label,
    const std::vector<std::pair<std::string, std::string>>& values) {
  auto html = fmt::format(
      "<label>{} <select name=\"{}\"><option value=\"\">all</option>", label,
      name);
  for (const auto& [value, shown] : values)
    html += fmt::format("<option value=\"{}\">{}</option>", html_escaped(value),
                        html_escaped(shown));
  return html + "</select></label>\n";
}

/// Nothing to choose where there are fewer than two.
std::string choice_html(std::string_view name, std::string_view label,
                        const std::set<std::string>& values) {
  if (values.size() < 2) return "";
  std::vector<std::pair<std::string, std::string>> shown;
  for (const auto& value : values) shown.emplace_back(value, value);
  return select_html(name, label, shown);
}

std::string bins_html() {
  std::vector<std::pair<std::string, std::string>> values;
  for (std::size_t i = 0; i < rank_bins.size(); ++i)
    values.emplace_back(std::to_string(i), rank_bins[i].name);
  return select_html("bin", "Rank", values);
}

/// The first one is the page's own.
std::string orders_html(bool judged, std::string_view in_order) {
  constexpr std::string_view misses =
      "<option value=\"place\">misses first</option>";
  return fmt::format(
      "<label>Order <select name=\"order\">{}"
      "<option value=\"asked\">{}</option>{}"
      "<option value=\"score\">by score</option></select></label>\n",
      judged && in_order.empty() ? misses : "",
      in_order.empty() ? "as asked" : in_order,
      judged && !in_order.empty() ? misses : "");
}

}  // namespace

void CardChoices::add(const QuestionCard& card) {
  tasks.insert(card.task);
  methods.insert(card.method);
  splits.insert(card.split);
  kinds.insert(card.kinds.begin(), card.kinds.end());
  judged = judged || card.judged;
}

bool is_hit(const CardRow& row) {
  return std::ranges::any_of(row.hits, &CardHit::right);
}

std::string card_html(const QuestionCard& card, PagePictures& pictures) {
  auto html = fmt::format(
      "<li class=\"card\" tabindex=\"-1\" {}>\n<div class=\"question\">{}<div>"
      "<h4 class=\"words{}\">{}</h4>",
      data_html(card),
      picture_html(card.picture, pictures, card.picture_read ? "" : " unread",
                   "asked: "),
      card.words_read ? "" : " unread", html_escaped(card.words));
  for (const auto& note : card.notes)
    html += fmt::format("<p class=\"note-line\">{}</p>", html_escaped(note));
  html += "</div></div>\n<div>";
  for (const auto& row : card.rows) html += row_html(card, row, pictures);
  return html + "</div></li>\n";
}

std::string filter_form_html(const CardChoices& choices,
                             std::string_view in_order) {
  std::string html =
      "<form id=\"filters\" hidden aria-label=\"Which questions are shown\">\n";
  html += choice_html("task", "Task", choices.tasks);
  html += choice_html("method", "Method", choices.methods);
  html += choice_html("split", "Split", choices.splits);
  html += choice_html("kind", "Kind", choices.kinds);
  if (choices.judged) {
    html +=
        select_html("found", "Found", {{"miss", "misses"}, {"hit", "hits"}});
    html += bins_html();
  }
  html +=
      "<label>Words <input type=\"search\" name=\"words\" "
      "placeholder=\"contain\"></label>\n";
  html +=
      orders_html(choices.judged, in_order) +
      "<button type=\"reset\">Show all</button>\n"
      "<output name=\"count\" aria-live=\"polite\"></output>\n"
      "<p class=\"keys\"><kbd>j</kbd> <kbd>k</kbd> next and previous question, "
      "<kbd>/</kbd> words, <kbd>Esc</kbd> back</p>\n</form>\n";
  return html;
}

}  // namespace igrot

#include "report.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/html.h"
#include "report_style.h"

namespace igrot::app {
namespace {

std::string element(std::string_view name, std::string_view text) {
  return fmt::format("<{0}>{1}</{0}>", name, html_escaped(text));
}

std::string well(const ReportPicture& picture) {
  if (picture.source.empty())
    return "<div class=\"well\"><span class=\"gone\">cannot be shown"
           "</span></div>";
  return fmt::format(
      "<div class=\"well\"><img src=\"{}\" alt=\"{}\" loading=\"lazy\"></div>",
      html_escaped(picture.source), html_escaped(picture.caption));
}

std::string asked(const ReportPart& part) {
  auto body =
      fmt::format("<div class=\"part{}\"><span class=\"role\">{}</span>",
                  part.role == "not" ? " not" : "", html_escaped(part.role));
  if (!part.text.empty())
    body += fmt::format("<p class=\"words\">{}</p>", html_escaped(part.text));
  if (!part.pictures.empty()) {
    body += "<div class=\"row\">";
    for (const auto& picture : part.pictures)
      body += fmt::format("<figure>{}{}</figure>", well(picture),
                          element("figcaption", picture.caption));
    body += "</div>";
  }
  return body + "</div>\n";
}

// Cosines of one list lie close together: the gauge spans from 0 to the best.
double gauge_percent(float score, float best) {
  if (!(best > 0) || !(score > 0)) return 0;
  return std::clamp(100.0 * static_cast<double>(score) / double(best), 0.0,
                    100.0);
}

std::string remark(const ReportHit& hit) {
  if (hit.remark.empty()) return {};
  return fmt::format("<p class=\"remark\">{}</p>", html_escaped(hit.remark));
}

std::string shown(const ReportHit& hit, float best) {
  const auto card = fmt::format(
      "<figure class=\"hit\">{}<div class=\"figures\"><span class=\"rank\">{}"
      "</span><span class=\"score\">{:.4f}</span></div>"
      "<div class=\"gauge\"><i style=\"width:{:.1f}%\"></i></div>{}{}</figure>",
      well(hit.picture), hit.rank, hit.score, gauge_percent(hit.score, best),
      element("figcaption", hit.picture.caption), remark(hit));
  if (hit.picture.link.empty()) return "<li>" + card + "</li>\n";
  return fmt::format("<li><a class=\"open\" href=\"{}\">{}</a></li>\n",
                     html_escaped(hit.picture.link), card);
}

std::string section(const ReportQuestion& question) {
  std::string body =
      "<section>\n" + element("h2", question.title) + "<div class=\"asked\">\n";
  for (const auto& part : question.parts) body += asked(part);
  body += "</div>\n";
  body += element(
      "h3", fmt::format("{} found in {:.0f} ms, fusion {}",
                        question.hits.size(), question.ms, question.fusion));
  if (question.hits.empty())
    return body + "<p class=\"none\">Nothing scored high enough.</p></section>";
  body += "<ol class=\"hits\">\n";
  for (const auto& hit : question.hits)
    body += shown(hit, question.hits.front().score);
  return body + "</ol>\n</section>\n";
}

}  // namespace

std::string html(const Report& report) {
  auto page = page_start(report.title, report_style);
  page += element("h1", report.title) + "\n";
  if (!report.note.empty())
    page +=
        fmt::format("<p class=\"note\">{}</p>\n", html_escaped(report.note));
  for (const auto& question : report.questions) page += section(question);
  page += "<section>\n" + fact_list(report.facts) + "</section>\n";
  return page += page_end();
}

std::string file_address(std::string_view absolute_path) {
  static constexpr std::string_view plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  std::string address = "file://";
  for (const char c : absolute_path)
    if (plain.find(c) != std::string_view::npos)
      address += c;
    else
      address += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return address;
}

}  // namespace igrot::app

#include "eval/question_log.h"

#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "base/ahead.h"
#include "base/fail.h"
#include "base/file.h"
#include "eval/found_rows.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

using Json = nlohmann::ordered_json;

/// Names of files as a reader finds them again: below the root without it.
class NamesBelow {
 public:
  explicit NamesBelow(const fs::path& root)
      : root_(fs::absolute(root).lexically_normal()) {}

  std::string of(const fs::path& file) const {
    const auto whole = fs::absolute(file).lexically_normal();
    const auto below = whole.lexically_relative(root_);
    if (below.empty() || *below.begin() == "..") return whole.string();
    return below.string();
  }

 private:
  fs::path root_;
};

/// A score with the digits that a float32 has.
double short_number(float score) {
  return std::isfinite(score) ? std::stod(fmt::format("{}", score))
                              : double{score};
}

/// What the lines of one ranking have in common.
struct Lines {
  const Evaluation& evaluation;
  const EvalRanking& ranking;
  const EvalTask& task;
  const NamesBelow& names;
  const std::vector<std::string>& gallery;
  const std::vector<std::string>& ids;

  std::string line(std::size_t q) const {
    const auto& question = task.questions[q];
    const auto found = found_rows(task, ranking, q, logged_hits);
    Json json{
        {"task", task.name},
        {"split", question.split},
        {"method", name_of(eval_methods, ranking.method)},
        {"id", ids[q]},
        {"picture", names.of(question.picture)},
        {"text", question.text},
        {"kinds", question.kinds},
        {"first", found.answer ? Json(ranking.first[q] + 1) : Json()},
        {"answer", found.answer ? Json(gallery[found.answer->row]) : Json()},
        {"metrics", values(q)},
        {"hits", hits(question, found)}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  }

 private:
  Json values(std::size_t q) const {
    auto values = Json::object();
    if (!task.judged) return values;
    for (std::size_t m = 0; m < evaluation.metrics.size(); ++m)
      values[std::string(evaluation.metrics[m].name)] = ranking.values[q][m];
    return values;
  }

  Json hits(const EvalQuestion& question, const FoundRows& found) const {
    auto hits = Json::array();
    for (const auto& [score, row] : found.first) {
      Json hit{{"picture", gallery[row]}, {"score", short_number(score)}};
      if (task.judged) hit["right"] = is_right(question, row);
      hits.push_back(std::move(hit));
    }
    return hits;
  }
};

[[noreturn]] void fail_field(std::string_view name, std::string_view expected) {
  fail(ErrorKind::corrupt, "'{}' is missing or is not {}", name, expected);
}

const Json& field(const Json& object, const char* name) {
  static const Json nothing;
  const auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}

std::string text_of(const Json& object, const char* name) {
  const auto& value = field(object, name);
  if (!value.is_string()) fail_field(name, "a text");
  return value.get<std::string>();
}

/// Nothing where it is null or missing.
std::string optional_text(const Json& object, const char* name) {
  return field(object, name).is_null() ? "" : text_of(object, name);
}

double number_or_nan(const Json& value, std::string_view name) {
  if (value.is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (!value.is_number()) fail_field(name, "a number");
  return value.get<double>();
}

std::optional<std::size_t> place_of(const Json& object) {
  const auto& value = field(object, "first");
  if (value.is_null()) return std::nullopt;
  if (!value.is_number_unsigned() || value.get<std::size_t>() == 0)
    fail_field("first", "a place from 1 on");
  return value.get<std::size_t>();
}

std::vector<std::string> kinds_of(const Json& object) {
  std::vector<std::string> kinds;
  for (const auto& kind : field(object, "kinds")) {
    if (!kind.is_string()) fail_field("kinds", "a list of texts");
    kinds.push_back(kind.get<std::string>());
  }
  return kinds;
}

std::vector<LoggedHit> hits_of(const Json& object) {
  const auto& list = field(object, "hits");
  if (!list.is_array()) fail_field("hits", "a list");
  std::vector<LoggedHit> hits;
  for (const auto& hit : list) {
    if (!hit.is_object()) fail_field("hits", "a list of objects");
    const auto& right = field(hit, "right");
    hits.push_back({.picture = text_of(hit, "picture"),
                    .score = number_or_nan(field(hit, "score"), "score"),
                    .right = right.is_boolean() && right.get<bool>()});
  }
  return hits;
}

}  // namespace

std::vector<std::string> question_ids(const EvalTask& task,
                                      const fs::path& root) {
  const NamesBelow names(root);
  std::map<std::string, std::size_t> times;
  std::vector<std::string> ids;
  for (const auto& question : task.questions) {
    auto id = question.id;
    if (id.empty()) id = names.of(question.picture) + " + " + question.text;
    const auto time = ++times[id];
    ids.push_back(time == 1 ? id : fmt::format("{} #{}", id, time));
  }
  return ids;
}

bool write_question_log(const fs::path& file, const fs::path& root,
                        const Evaluation& evaluation, const EvalHooks& hooks) {
  const NamesBelow names(root);
  const auto threads = hooks.runtime.thread_count();
  AtomicFile out(file);
  for (const auto& ranking : evaluation.rankings) {
    const auto& task = evaluation.tasks[ranking.task];
    std::vector<std::string> gallery;
    for (const auto& picture : task.gallery)
      gallery.push_back(names.of(picture));
    const auto ids = question_ids(task, root);
    const Lines lines{evaluation, ranking, task, names, gallery, ids};
    Ahead<std::string> ahead(task.questions.size(), threads, 4 * threads,
                             [&](std::size_t q) { return lines.line(q); });
    for (std::size_t done = 1; const auto line = ahead.next(); ++done) {
      out.write(*line);
      if (hooks.stage &&
          !hooks.stage("writing questions", done, task.questions.size()))
        return false;
    }
  }
  out.commit();
  return true;
}

LoggedQuestion logged_question(std::string_view line) {
  const auto object = Json::parse(line, nullptr, false);
  if (!object.is_object()) fail(ErrorKind::corrupt, "this is no JSON object");
  LoggedQuestion question{.task = text_of(object, "task"),
                          .split = text_of(object, "split"),
                          .method = text_of(object, "method"),
                          .id = text_of(object, "id"),
                          .picture = text_of(object, "picture"),
                          .text = text_of(object, "text"),
                          .kinds = kinds_of(object),
                          .first = place_of(object),
                          .answer = optional_text(object, "answer"),
                          .values = {},
                          .hits = hits_of(object)};
  const auto& values = field(object, "metrics");
  if (!values.is_object()) fail_field("metrics", "an object");
  for (const auto& [name, value] : values.items())
    question.values.emplace_back(name, number_or_nan(value, name));
  return question;
}

}  // namespace igrot

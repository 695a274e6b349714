#include "eval/comparison.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/ahead.h"
#include "base/fail.h"

namespace igrot {
namespace {

using MethodPair = std::pair<std::string, std::string>;

constexpr std::array comparison_columns{
    EvalColumn{"n", 0},     EvalColumn{"A", 2},    EvalColumn{"B", 2},
    EvalColumn{"B - A", 2}, EvalColumn{"low", 2},  EvalColumn{"high", 2},
    EvalColumn{"sign", 0},  EvalColumn{"wins", 0}, EvalColumn{"losses", 0},
    EvalColumn{"ties", 0},  EvalColumn{"p", 4}};

template <class List, class Value>
bool holds(const List& list, const Value& value) {
  return std::ranges::find(list, value) != list.end();
}

std::vector<std::string> methods_of(const EvalRun& run) {
  std::vector<std::string> methods;
  for (const auto& question : run.questions)
    if (!holds(methods, question.method)) methods.push_back(question.method);
  return methods;
}

void expect_method(const EvalRun& run, const std::string& method) {
  const auto methods = methods_of(run);
  if (!holds(methods, method))
    fail(ErrorKind::usage, "{}: was not asked by the method '{}'; it has {}",
         run.name, method, fmt::join(methods, ", "));
}

std::vector<MethodPair> chosen_methods(const EvalRun& a, const EvalRun& b,
                                       const ComparisonOptions& options) {
  for (const auto& [of_a, of_b] : options.methods) {
    expect_method(a, of_a);
    expect_method(b, of_b);
  }
  if (!options.methods.empty()) return options.methods;
  const auto of_a = methods_of(a);
  const auto of_b = methods_of(b);
  std::vector<MethodPair> both;
  for (const auto& method : of_a)
    if (holds(of_b, method)) both.emplace_back(method, method);
  if (both.empty() && of_a.size() == 1 && of_b.size() == 1)
    return {{of_a.front(), of_b.front()}};
  if (both.empty())
    fail(ErrorKind::usage,
         "no method in common: {} was asked by {}, {} by {}; choose with "
         "--method OF_A:OF_B",
         a.name, fmt::join(of_a, ", "), b.name, fmt::join(of_b, ", "));
  return both;
}

/// Places in `EvalRun::metrics`.
struct MetricPlace {
  std::string name;
  std::size_t a;
  std::size_t b;
};

std::vector<MetricPlace> chosen_metrics(const EvalRun& a, const EvalRun& b,
                                        const ComparisonOptions& options) {
  std::vector<MetricPlace> places;
  for (const auto& name : options.metrics)
    places.push_back({name, a.metric_place(name), b.metric_place(name)});
  if (!places.empty()) return places;
  for (std::size_t i = 0; i < a.metrics.size(); ++i)
    if (holds(b.metrics, a.metrics[i]))
      places.push_back({a.metrics[i], i, b.metric_place(a.metrics[i])});
  return places;
}

/// Questions of one method by task and id.
using QuestionIndex =
    std::map<std::pair<std::string_view, std::string_view>, std::size_t>;

QuestionIndex index_of(const EvalRun& run, std::string_view method) {
  QuestionIndex index;
  for (std::size_t i = 0; i < run.questions.size(); ++i) {
    const auto& question = run.questions[i];
    if (question.method == method &&
        !index.try_emplace({question.task, question.id}, i).second)
      fail(ErrorKind::corrupt, "{}: the question '{}' of {} is there twice",
           run.name, question.id, question.task);
  }
  return index;
}

/// How many of `from` are missing in `in`, and one of them.
struct Missing {
  std::size_t count = 0;
  std::string example;
};

Missing missing_in(const QuestionIndex& in, const QuestionIndex& from) {
  Missing missing;
  for (const auto& [key, place] : from)
    if (!in.contains(key) && missing.count++ == 0)
      missing.example = fmt::format("{}: '{}'", key.first, key.second);
  return missing;
}

[[noreturn]] void fail_other_questions(const EvalRun& a, const EvalRun& b,
                                       const Missing& only_a,
                                       const Missing& only_b,
                                       std::size_t common) {
  fail(ErrorKind::usage,
       "{} and {} were asked different questions: {} only in the first, {} "
       "only in the second, such as {}; --common compares the {} that both "
       "have",
       a.name, b.name, only_a.count, only_b.count,
       only_a.count > 0 ? only_a.example : only_b.example, common);
}

/// Fills the groups of one pair of methods, without their metrics.
class Matching {
 public:
  Matching(const EvalRun& a, const EvalRun& b, const ComparisonOptions& options)
      : a_(a), b_(b), options_(options) {}

  void add(const MethodPair& methods) {
    const auto of_a = index_of(a_, methods.first);
    const auto of_b = index_of(b_, methods.second);
    const auto only_a = missing_in(of_b, of_a);
    const auto only_b = missing_in(of_a, of_b);
    const auto common = of_a.size() - only_a.count;
    if (!options_.common && only_a.count + only_b.count > 0)
      fail_other_questions(a_, b_, only_a, only_b, common);
    if (common == 0)
      fail(ErrorKind::usage, "{} and {} have no judged question in common",
           a_.name, b_.name);
    found_.only_a += only_a.count;
    found_.only_b += only_b.count;
    add_groups(methods, of_a, of_b);
  }

  Comparison result() && { return std::move(found_); }

 private:
  void add_groups(const MethodPair& methods, const QuestionIndex& of_a,
                  const QuestionIndex& of_b) {
    const auto method = methods.first == methods.second
                            ? methods.first
                            : methods.first + " -> " + methods.second;
    std::map<std::pair<std::string, std::string>, ComparedGroup> groups;
    ComparedGroup all{.task = "all",
                      .split = {},
                      .method = method,
                      .whole = true,
                      .pairs = {},
                      .metrics = {}};
    for (const auto& [key, a] : of_a) {
      const auto b = of_b.find(key);
      if (b == of_b.end()) continue;
      const auto& question = a_.questions[a];
      auto& group = groups[{question.task, question.split}];
      group.pairs.emplace_back(a, b->second);
      all.pairs.emplace_back(a, b->second);
    }
    const bool several = groups.size() > 1;
    for (auto& [name, group] : groups) {
      group.task = name.first;
      group.split = name.second;
      group.method = method;
      found_.groups.push_back(std::move(group));
    }
    if (several) found_.groups.push_back(std::move(all));
  }

  const EvalRun& a_;
  const EvalRun& b_;
  const ComparisonOptions& options_;
  Comparison found_;
};

/// Means, wins and losses; `differences` get one a question.
ComparedMetric compared(const EvalRun& a, const EvalRun& b,
                        const ComparedGroup& group, const MetricPlace& metric,
                        std::vector<double>& differences) {
  ComparedMetric result;
  result.name = metric.name;
  for (const auto& [of_a, of_b] : group.pairs) {
    const auto before = a.questions[of_a].values[metric.a];
    const auto after = b.questions[of_b].values[metric.b];
    const auto difference = after - before;
    differences.push_back(difference);
    if (std::isnan(difference)) continue;
    ++result.questions;
    result.a += before;
    result.b += after;
    ++(difference > 0   ? result.wins
       : difference < 0 ? result.losses
                        : result.ties);
  }
  const auto percent =
      100 / static_cast<double>(std::max<std::size_t>(result.questions, 1));
  result.a *= percent;
  result.b *= percent;
  result.difference = result.b - result.a;
  result.sign_p = sign_test(result.wins, result.losses);
  return result;
}

std::vector<ComparedMetric> compared_group(
    const EvalRun& a, const EvalRun& b, const ComparedGroup& group,
    const std::vector<MetricPlace>& metrics, const BootstrapOptions& options) {
  std::vector<ComparedMetric> results;
  std::vector<std::vector<double>> differences(metrics.size());
  for (std::size_t m = 0; m < metrics.size(); ++m)
    results.push_back(compared(a, b, group, metrics[m], differences[m]));
  const auto intervals = bootstrap_intervals(differences, options);
  for (std::size_t m = 0; m < metrics.size(); ++m)
    results[m].interval = {100 * intervals[m].low, 100 * intervals[m].high};
  return results;
}

}  // namespace

std::size_t EvalRun::metric_place(std::string_view metric) const {
  const auto found = std::ranges::find(metrics, metric);
  if (found == metrics.end())
    fail(ErrorKind::usage, "{}: has no metric '{}'; it has {}", name, metric,
         fmt::join(metrics, ", "));
  return static_cast<std::size_t>(found - metrics.begin());
}

std::string_view ComparedMetric::sign() const {
  if (interval.low > 0) return "+";
  return interval.high < 0 ? "-" : "=";
}

Comparison compare_runs(const EvalRun& a, const EvalRun& b,
                        const ComparisonOptions& options) {
  const auto metrics = chosen_metrics(a, b, options);
  Matching matching(a, b, options);
  for (const auto& methods : chosen_methods(a, b, options))
    matching.add(methods);
  auto result = std::move(matching).result();
  Ahead<std::vector<ComparedMetric>> ahead(
      result.groups.size(), options.threads, result.groups.size(),
      [&](std::size_t g) {
        return compared_group(a, b, result.groups[g], metrics,
                              options.bootstrap);
      });
  std::vector<std::vector<ComparedMetric>> found;
  while (auto next = ahead.next()) found.push_back(std::move(*next));
  for (std::size_t g = 0; g < found.size(); ++g)
    result.groups[g].metrics = std::move(found[g]);
  return result;
}

EvalTable comparison_table(const Comparison& comparison) {
  EvalTable table;
  table.title = "B against A";
  table.labels = {"task", "split", "method", "metric"};
  table.columns = {comparison_columns.begin(), comparison_columns.end()};
  const auto count = [](std::size_t n) { return static_cast<double>(n); };
  for (const auto& group : comparison.groups)
    for (const auto& metric : group.metrics)
      table.rows.push_back(
          {{group.task, group.split, group.method, metric.name},
           {count(metric.questions), metric.a, metric.b, metric.difference,
            metric.interval.low, metric.interval.high, metric.sign(),
            count(metric.wins), count(metric.losses), count(metric.ties),
            metric.sign_p}});
  return table;
}

}  // namespace igrot

#include "reproduce_result.h"

#include "base/bytes.h"
#include "base/file.h"
#include "base/sha256.h"
#include "eval/benchmarks.h"
#include "eval_run.h"
#include "lines.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t result_limit_bytes = 64 << 20;
constexpr std::uint64_t list_limit_bytes = std::uint64_t{1} << 32;
constexpr std::string_view result_name = "result.json";

/// Whether a result is of these lists.
bool is_of_lists(const Json& hashes, const fs::path& root) {
  if (!hashes.is_object() || hashes.empty()) return false;
  for (const auto& [name, hash] : hashes.items()) {
    const auto bytes = read_file(root / name, list_limit_bytes);
    if (hash != sha256_hex(bytes)) return false;
  }
  return true;
}

bool is_of_settings(const Json& settings, std::string_view benchmark,
                    std::size_t limit) {
  const auto is = [&](const char* name, const Json& value) {
    return settings.contains(name) && settings.at(name) == value;
  };
  const EvalOrder order;
  return is("igrot", IGROT_VERSION) && is("benchmark", benchmark) &&
         is("limit", limit) && is("split", order.request.choice.split) &&
         is("precision", order.precision);
}

/// Parts of "dress/val/composed/R@10".
std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts(1);
  for (const char c : path)
    if (c == '/')
      parts.emplace_back();
    else
      parts.back() += c;
  return parts;
}

/// Whether a metric is of a whole task: TASK/SPLIT/METHOD/METRIC, or
/// SPLIT/METHOD/METRIC.
bool is_figure(const std::vector<std::string>& parts, std::string_view split,
               std::string_view method, std::string_view metric) {
  const auto size = parts.size();
  if (size < 3 || size > 4) return false;
  return parts[size - 1] == metric && parts[size - 2] == method &&
         parts[size - 3] == split;
}

/// What a column of the benchmark's table is computed from.
std::string_view metric_of(const PublishedColumn& column) {
  for (const auto& known : find_benchmark(column.benchmark).table->columns)
    if (known.name == column.figure && !known.metric.empty())
      return known.metric;
  return column.figure;
}

}  // namespace

Json read_result(const fs::path& folder) {
  try {
    const auto bytes = read_file(folder / result_name, result_limit_bytes);
    auto json = parse_json(std::string(as_text(bytes)));
    return json.is_object() && json.contains("settings") ? json : Json();
  } catch (const Error&) {
    return {};
  }
}

bool is_of(const Json& result, std::string_view benchmark, const fs::path& root,
           std::size_t limit) {
  const auto& settings = result.at("settings");
  return is_of_settings(settings, benchmark, limit) &&
         is_of_lists(settings.at("sha256"), root);
}

std::optional<double> figure_in(const Json& result,
                                const PublishedColumn& column,
                                std::string_view asked) {
  if (!result.is_object() || !result.contains("metrics")) return std::nullopt;
  const auto metric = metric_of(column);
  double sum = 0;
  std::size_t count = 0;
  for (const auto& [path, value] : result.at("metrics").items()) {
    if (!is_figure(parts_of(path), column.split, asked, metric) ||
        !value.is_number())
      continue;
    sum += value.get<double>();
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / static_cast<double>(count);
}

}  // namespace igrot::app

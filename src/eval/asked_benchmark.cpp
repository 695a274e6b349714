#include "eval/asked_benchmark.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "base/fail.h"
#include "eval/field_tasks.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

std::span<const std::string_view> one_reading(const Benchmark&) {
  return {};
}

std::vector<EvalTask> read_described(const Benchmark& benchmark,
                                     const fs::path& root, std::string_view) {
  return {field_task(
      benchmark, read_described_set(*benchmark.described, fs::absolute(root)))};
}

std::string_view default_metrics(const DescribedSet& set) {
  return set.kind == SetKind::classes ? "classes" : "recall";
}

const MetricFamily& family_of(const DescribedSet& set) {
  const std::string_view wanted =
      set.metrics.empty() ? default_metrics(set) : set.metrics;
  const auto families = metric_families();
  const auto family = std::ranges::find(families, wanted, &MetricFamily::name);
  if (family != families.end()) return *family;
  std::vector<std::string_view> known;
  for (const auto& each : families) known.push_back(each.name);
  fail(ErrorKind::usage, "{}: 'metrics' is '{}', expected one of {}",
       set.file.string(), wanted, fmt::join(known, ", "));
}

Benchmark row_of(const DescribedSet& set) {
  const auto& family = family_of(set);
  return {
      .name = set.name,
      .what = set.kind == SetKind::classes ? "pictures find their class"
                                           : "pictures, changed by words",
      .prompt = set.prompt,
      .joint = set.joint,
      .lower_case = set.lower_case,
      .untrained = set.kind == SetKind::classes ? Fusion::image : Fusion::sum,
      .union_share = static_cast<float>(set.union_share),
      .removes_own = set.removes_own,
      .metrics = family.metrics,
      .table = family.table,
      .kind_columns = family.kind_columns,
      .described = &set,
      .splits = one_reading,
      .read = read_described};
}

}  // namespace

bool is_description(std::string_view name) {
  return fs::path(name).extension() == ".toml";
}

AskedBenchmark ask_benchmark(const std::string& name,
                             const ProtocolChoice& choice) {
  AskedBenchmark asked;
  if (is_description(name)) {
    auto described = std::make_shared<DescribedSet>(read_description(name));
    asked.row = row_of(*described);
    asked.root = fs::absolute(name).parent_path();
    asked.described = std::move(described);
  } else {
    asked.row = find_benchmark(name);
  }
  apply_protocol(asked.row, choice);
  return asked;
}

}  // namespace igrot

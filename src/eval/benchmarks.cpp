#include "eval/benchmarks.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "base/fail.h"
#include "eval/emoji_tasks.h"
#include "eval/field_tasks.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

using Splits = std::span<const std::string_view>;
using Tasks = std::vector<EvalTask>;

Splits one_reading(const Benchmark&) {
  return {};
}

Tasks read_emoji_sbir(const Benchmark&, const fs::path& root,
                      std::string_view) {
  auto tasks = emoji_sbir_tasks(read_emoji(root));
  for (auto& task : tasks) task.lists = {root / "emoji.jsonl"};
  return tasks;
}

Tasks read_emoji_cir(const Benchmark& benchmark, const fs::path& root,
                     std::string_view) {
  const auto emoji = read_emoji(root);
  auto task = emoji_cir_task(emoji, read_emoji_questions(root, emoji));
  if (!benchmark.removes_own)
    for (auto& question : task.questions) question.removed.clear();
  task.lists = {root / "emoji.jsonl", root / "cir-test.jsonl"};
  return {task};
}

/// A field's benchmark is called as its data set.
Splits field_splits(const Benchmark& benchmark) {
  return find_retrieval_source(benchmark.name).splits;
}

Tasks read_field(const Benchmark& benchmark, const fs::path& root,
                 std::string_view split) {
  Tasks tasks;
  for (auto& set :
       read_retrieval_sets(find_retrieval_source(benchmark.name), root, split))
    tasks.push_back(field_task(benchmark, std::move(set)));
  if (benchmark.gallery == GalleryPart::asked)
    for (auto& task : tasks) keep_asked(task);
  return tasks;
}

constexpr EvalColumn two_decimals_of(std::string_view name,
                                     std::string_view metric = {}) {
  return {.name = name, .decimals = 2, .metric = metric};
}

constexpr EvalColumn map_all = two_decimals_of("mAP@all", "mAP trapezoidal");

constexpr std::array fashioniq_columns{two_decimals_of("R@10"),
                                       two_decimals_of("R@50")};
constexpr std::array cirr_columns{
    two_decimals_of("R@1"),        two_decimals_of("R@5"),
    two_decimals_of("R@10"),       two_decimals_of("R@50"),
    two_decimals_of("R_subset@1"), two_decimals_of("R_subset@2"),
    two_decimals_of("R_subset@3")};
constexpr std::array circo_columns{
    two_decimals_of("mAP@5"),  two_decimals_of("mAP@10"),
    two_decimals_of("mAP@25"), two_decimals_of("mAP@50"),
    two_decimals_of("R@5"),    two_decimals_of("R@10"),
    two_decimals_of("R@25"),   two_decimals_of("R@50")};
constexpr std::array circo_kind_columns{EvalColumn{"n", 0},
                                        two_decimals_of("mAP@10")};
constexpr std::array recall_kind_columns{
    EvalColumn{"n", 0}, two_decimals_of("R@1"), two_decimals_of("R@10")};
constexpr std::array lasco_columns{
    two_decimals_of("R@1"), two_decimals_of("R@5"), two_decimals_of("R@10"),
    two_decimals_of("R@50"), two_decimals_of("R@100")};
constexpr std::array dtin_columns{two_decimals_of("R@10"),
                                  two_decimals_of("R@50"),
                                  two_decimals_of("mAP", "mAP trapezoidal")};
constexpr std::array sketchy_columns{
    two_decimals_of("P@50"), two_decimals_of("P@100"), two_decimals_of("P@200"),
    two_decimals_of("mAP@200", "mAP@200 trapezoidal inside"), map_all};
constexpr std::array tuberlin_columns{two_decimals_of("P@50"),
                                      two_decimals_of("P@100"), map_all};
constexpr std::array quickdraw_columns{two_decimals_of("P@100"),
                                       two_decimals_of("P@200"), map_all};

constexpr ReferenceTable fashioniq_table{
    .label = "Type", .columns = fashioniq_columns, .final_columns = 2};
constexpr ReferenceTable cirr_table{.label = "Data", .columns = cirr_columns};
constexpr ReferenceTable circo_table{.label = "Data", .columns = circo_columns};
constexpr ReferenceTable lasco_table{.label = "Data", .columns = lasco_columns};
constexpr ReferenceTable dtin_table{
    .label = "Type", .columns = dtin_columns, .final_columns = 2};
constexpr ReferenceTable sketchy_table{.label = "Data",
                                       .columns = sketchy_columns};
constexpr ReferenceTable tuberlin_table{
    .label = "Metric", .row = "Score", .columns = tuberlin_columns};
constexpr ReferenceTable quickdraw_table{
    .label = "Metric", .row = "Score", .columns = quickdraw_columns};

constexpr std::array cirr_submissions{
    SubmissionForm{
        .file = "recall", .count = 50, .version = "rc2", .metric = "recall"},
    SubmissionForm{.file = "recall_subset",
                   .count = 3,
                   .of_subset = true,
                   .version = "rc2",
                   .metric = "recall_subset"}};
constexpr std::array circo_submissions{
    SubmissionForm{.file = "circo", .count = 50, .numbers = true}};

/// The share of U(query) that the reference adds in FashionIQ and DTIN.
constexpr float reference_union_share = 0.1F;

constexpr std::array rows{
    Benchmark{.name = "fashioniq",
              .what = "clothes, changed by two captions",
              .prompt = "{}",
              .joint = " and ",
              .untrained = Fusion::sum,
              .union_share = reference_union_share,
              .metrics = one_answer_metrics,
              .table = &fashioniq_table,
              .splits = field_splits,
              .read = read_field},
    Benchmark{.name = "cirr",
              .what = "photos, changed by a caption",
              .prompt = "find a photo that {}",
              .lower_case = true,
              .untrained = Fusion::sum,
              .removes_own = true,
              .metrics = subset_metrics,
              .table = &cirr_table,
              .submissions = cirr_submissions,
              .splits = field_splits,
              .read = read_field},
    Benchmark{.name = "circo",
              .what = "photos of COCO, every right answer known",
              .prompt = "{}",
              .joint = " but ",
              .lower_case = true,
              .untrained = Fusion::sum,
              .removes_own = true,
              .metrics = truths_metrics,
              .table = &circo_table,
              .kind_columns = circo_kind_columns,
              .submissions = circo_submissions,
              .splits = field_splits,
              .read = read_field},
    Benchmark{.name = "lasco",
              .what = "photos of COCO, changed by long captions",
              .prompt = "{}",
              .untrained = Fusion::sum,
              .metrics = one_answer_metrics,
              .table = &lasco_table,
              .splits = field_splits,
              .read = read_field},
    Benchmark{.name = "dtin",
              .what = "photos find the same thing in another style",
              .prompt = "the similar image with {} style",
              .untrained = Fusion::sum,
              .union_share = reference_union_share,
              .metrics = class_metrics,
              .table = &dtin_table,
              .score_rows = ScoreRows::unit,
              .splits = field_splits,
              .read = read_field},
    Benchmark{.name = "sketchy",
              .what = "sketches find photos of their class",
              .prompt = "a real image of sketch",
              .untrained = Fusion::image,
              .metrics = class_metrics,
              .table = &sketchy_table,
              .splits = field_splits,
              .read = read_field},
    Benchmark{.name = "tuberlin",
              .what = "sketches find photos of their class",
              .prompt = "",
              .untrained = Fusion::image,
              .metrics = class_metrics,
              .table = &tuberlin_table,
              .splits = field_splits,
              .read = read_field},
    Benchmark{.name = "quickdraw",
              .what = "quick sketches find photos of their class",
              .prompt = "",
              .untrained = Fusion::image,
              .metrics = class_metrics,
              .table = &quickdraw_table,
              .splits = field_splits,
              .read = read_field},
    Benchmark{.name = "emoji-sbir",
              .what = "a drawing finds other drawings of the same",
              .prompt = emoji_sbir_words,
              .untrained = Fusion::image,
              .metrics = emoji_metrics,
              .splits = one_reading,
              .read = read_emoji_sbir},
    Benchmark{.name = "emoji-cir",
              .what = "a drawing and words find the emoji that is meant",
              .prompt = "{}",
              .untrained = Fusion::sum,
              .removes_own = true,
              .metrics = emoji_metrics,
              .splits = one_reading,
              .read = read_emoji_cir},
};

constexpr std::array families{
    MetricFamily{"recall", one_answer_metrics, &lasco_table,
                 recall_kind_columns},
    MetricFamily{"subset", subset_metrics, &cirr_table, recall_kind_columns},
    MetricFamily{"truths", truths_metrics, &circo_table, circo_kind_columns},
    MetricFamily{"classes", class_metrics, &sketchy_table, recall_kind_columns},
};

std::size_t question_count(const Tasks& tasks) {
  std::size_t count = 0;
  for (const auto& task : tasks) count += task.questions.size();
  return count;
}

/// Every split whose lists are there.
Tasks read_what_is_there(const Benchmark& benchmark, const fs::path& root,
                         const std::function<void(std::string_view)>& warn) {
  Tasks tasks;
  std::vector<std::pair<std::string_view, Error>> left_out;
  for (const auto split : benchmark.splits(benchmark)) {
    try {
      std::ranges::move(benchmark.read(benchmark, root, split),
                        std::back_inserter(tasks));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::not_found) throw;
      left_out.emplace_back(split, error);
    }
  }
  if (tasks.empty()) throw left_out.front().second;
  for (const auto& [split, error] : left_out)
    if (warn)
      warn(fmt::format("split {} is left out: {}", split, error.what()));
  return tasks;
}

Tasks read_split(const Benchmark& benchmark, const fs::path& root,
                 const std::string& split) {
  if (!benchmark.splits(benchmark).empty())
    return benchmark.read(benchmark, root, split);
  auto tasks = benchmark.read(benchmark, root, {});
  std::set<std::string> splits;
  for (auto& task : tasks) {
    for (const auto& question : task.questions) splits.insert(question.split);
    keep_split(task, split);
  }
  if (question_count(tasks) == 0)
    fail(ErrorKind::usage, "--split is '{}': {} has questions of {}", split,
         benchmark.name, fmt::join(splits, ", "));
  return tasks;
}

}  // namespace

std::span<const Benchmark> benchmarks() {
  return rows;
}

std::span<const MetricFamily> metric_families() {
  return families;
}

const Benchmark& find_benchmark(std::string_view name) {
  const auto found = std::ranges::find(rows, name, &Benchmark::name);
  if (found != rows.end()) return *found;
  std::vector<std::string_view> known;
  for (const auto& row : rows) known.push_back(row.name);
  fail(ErrorKind::usage, "there is no benchmark '{}'; known are {}", name,
       fmt::join(known, ", "));
}

std::vector<EvalTask> read_tasks(
    const Benchmark& benchmark, const fs::path& root, const TaskChoice& choice,
    const std::function<void(std::string_view)>& warn) {
  Tasks tasks;
  if (choice.split != all_splits)
    tasks = read_split(benchmark, root, choice.split);
  else if (benchmark.splits(benchmark).empty())
    tasks = benchmark.read(benchmark, root, {});
  else
    tasks = read_what_is_there(benchmark, root, warn);
  if (question_count(tasks) == 0)
    fail(ErrorKind::corrupt, "{}: {} asks no question", root.string(),
         benchmark.name);
  if (choice.limit > 0)
    for (auto& task : tasks) keep_spread(task, choice.limit);
  return tasks;
}

}  // namespace igrot

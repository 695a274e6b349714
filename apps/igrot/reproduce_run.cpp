#include "reproduce_run.h"

#include <fnmatch.h>

#include <algorithm>

#include "base/fail.h"
#include "model_choice.h"
#include "model_store.h"
#include "reproduce_result.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

std::string in_small_letters(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// A file, a model's folder, or the folder of a training.
std::optional<fs::path> find_named(const fs::path& folder,
                                   std::string_view name) {
  for (const auto* ending :
       {".safetensors", ".pth", ".pt", "/best.safetensors", ""}) {
    auto path = folder / (std::string(name) + ending);
    if (is_there(path)) return path;
  }
  return std::nullopt;
}

std::optional<fs::path> find_weights(const ReproduceWeights& weights,
                                     const fs::path& folder,
                                     const Session& session) {
  for (const auto name : {weights.name, weights.other_name})
    if (!name.empty())
      if (auto path = find_named(folder, name)) return path;
  const auto* known = find_known_model(weights.known_model);
  if (!known) return std::nullopt;
  if (const auto files = find_files(session, *known))
    return loadable(*files, *known);
  return std::nullopt;
}

std::optional<fs::path> find_data(std::string_view benchmark,
                                  const fs::path& folder) {
  const auto names = folder_names(benchmark);
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (std::ranges::find(names,
                          in_small_letters(entry.path().filename().string())) !=
        names.end())
      found.push_back(entry.path());
  if (found.empty()) return std::nullopt;
  return std::ranges::min(found);
}

/// Puts runs together, and asks each model for its weights' hash once.
class Planner {
 public:
  Planner(const ReproducePlaces& places, std::size_t limit, Session& session)
      : places_(places), limit_(limit), session_(session) {}

  void add(const PublishedMethod& method, std::size_t column) {
    const auto benchmark = method.table->columns[column].benchmark;
    ReproduceRow row{&method, column, row_name(method, benchmark), {}};
    if (method.weights) row.run = run_for(method, benchmark);
    plan_.rows.push_back(std::move(row));
  }

  static std::string row_name(const PublishedMethod& method,
                              std::string_view benchmark) {
    if (!method.weights)
      return fmt::format("{}-{}", in_small_letters(std::string(method.method)),
                         benchmark);
    if (method.asked == "composed")
      return fmt::format("{}-{}", method.weights->name, benchmark);
    return fmt::format("{}-{}-{}", method.weights->name, method.asked,
                       benchmark);
  }

  ReproducePlan take() { return std::move(plan_); }

 private:
  std::size_t run_for(const PublishedMethod& method,
                      std::string_view benchmark) {
    auto name = fmt::format("{}-{}", method.weights->name, benchmark);
    const auto known = std::ranges::find(plan_.runs, name, &ReproduceRun::name);
    if (known != plan_.runs.end())
      return static_cast<std::size_t>(known - plan_.runs.begin());
    ReproduceRun run;
    run.name = name;
    run.benchmark = benchmark;
    run.weights = method.weights;
    run.ablate = method.asked != "composed";
    if (limit_ > 0) name += fmt::format("-limit-{}", limit_);
    run.out = places_.out / name;
    look(run);
    plan_.runs.push_back(std::move(run));
    return plan_.runs.size() - 1;
  }

  void look(ReproduceRun& run) {
    run.model = find_weights(*run.weights, places_.weights, session_);
    run.root = find_data(run.benchmark, places_.data);
    run.result = read_result(run.out);
    run.reason = lacking(run);
    if (run.reason.empty()) run.reason = fault_of(run);
    if (!run.reason.empty()) return;
    run.state = RunState::ready;
    if (!run.result.is_null() && fits(run))
      run.state = RunState::done;
    else
      run.result = {};
  }

  /// What is not there; empty: nothing.
  static std::string lacking(const ReproduceRun& run) {
    std::string text;
    if (!run.model) text = fmt::format("weights {}", run.weights->name);
    if (!run.root)
      text +=
          fmt::format("{}data {}", text.empty() ? "" : " and ", run.benchmark);
    return text.empty() ? text : "needs " + text;
  }

  /// Why the benchmark's lists cannot be read; empty: they can.
  const std::string& fault_of(const ReproduceRun& run) {
    auto [fault, is_new] = faults_.try_emplace(*run.root);
    if (is_new) try {
        (void)read_tasks(find_benchmark(run.benchmark), *run.root, {});
      } catch (const Error& error) {
        fault->second = error.what();
      }
    return fault->second;
  }

  bool fits(const ReproduceRun& run) try {
    return is_of(run.result, run.benchmark, *run.root, limit_) &&
           run.result.at("settings").at("weights_sha256") ==
               hash_of(*run.model);
  } catch (const Error&) {
    return false;  // then running it tells why
  } catch (const Json::exception&) {
    return false;
  }

  const std::string& hash_of(const fs::path& model) {
    auto& hash = hashes_[model];
    if (hash.empty())
      hash = Retriever::load(model, load_options(session_, Precision::f32))
                 .fingerprint();
    return hash;
  }

  const ReproducePlaces& places_;
  std::size_t limit_;
  Session& session_;
  std::map<fs::path, std::string> hashes_;
  std::map<fs::path, std::string> faults_;
  ReproducePlan plan_;
};

bool matches(const std::string& name, const std::string& only) {
  if (only.find_first_of("*?[") != only.npos)
    return ::fnmatch(only.c_str(), name.c_str(), 0) == 0;
  return name.find(only) != name.npos;
}

}  // namespace

ReproducePlan plan_reproduction(const ReproducePlaces& places,
                                const std::string& only, bool all,
                                std::size_t limit, Session& session) {
  Planner planner(places, limit, session);
  bool any = false;
  for (const auto& method : published_methods()) {
    if (!method.weights && !all) continue;
    for (std::size_t column = 0; column < method.figures.size(); column += 2) {
      const auto name =
          Planner::row_name(method, method.table->columns[column].benchmark);
      if (!matches(name, only)) continue;
      planner.add(method, column);
      any = true;
    }
  }
  if (!any)
    fail(ErrorKind::usage,
         "--only is '{}', which is in no row's name; without it all are shown",
         only);
  return planner.take();
}

bool run_one(ReproduceRun& run, std::size_t limit, Session& session) try {
  EvalOrder order;
  order.name = run.benchmark;
  order.request.root = *run.root;
  order.request.choice.limit = limit;
  order.model = run.model;
  order.ablate = run.ablate;
  order.out = run.out;
  const auto outcome = run_eval(order, session);
  if (!outcome) return false;
  run.result = outcome->document;
  run.state = RunState::done;
  return true;
} catch (const Error& error) {
  run.state = RunState::failed;
  run.failure = error;
  return true;
}

}  // namespace igrot::app

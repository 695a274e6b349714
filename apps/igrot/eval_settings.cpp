#include "eval_settings.h"

#include <algorithm>
#include <limits>

#include "base/fail.h"
#include "base/file.h"
#include "base/sha256.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

Json preprocess_json(const Preprocess& preprocess,
                     const PictureRecipe& recipe) {
  const auto pad = std::ranges::find(pads, preprocess.pad, &PadRow::pad);
  return {{"side", preprocess.side},
          {"pad", pad->name},
          {"ratio", preprocess.ratio},
          {"convert", recipe.convert == Convert::first ? "first" : "as_opened"},
          {"alpha", preprocess.alpha == Alpha::white ? "white" : "drop"},
          {"row_normalize", recipe.row_normalize}};
}

/// SHA-256 of every list, by its name below the root.
Json list_hashes(const fs::path& root, const std::vector<EvalTask>& tasks) {
  std::set<fs::path> lists;
  for (const auto& task : tasks)
    lists.insert(task.lists.begin(), task.lists.end());
  auto hashes = Json::object();
  for (const auto& list : lists)
    hashes[fs::absolute(list).lexically_relative(fs::absolute(root)).string()] =
        sha256_hex(read_file(list, std::numeric_limits<std::uint64_t>::max()));
  return hashes;
}

Json tasks_json(const std::vector<EvalTask>& tasks) {
  auto described = Json::object();
  for (const auto& task : tasks)
    described[task.name] = {{"gallery", task.gallery.size()},
                            {"questions", task.questions.size()}};
  return described;
}

/// The prompt with all its places, such as "{} and {}"; null where there is
/// none.
Json prompt_json(const Benchmark& benchmark) {
  std::string prompt(benchmark.prompt);
  if (prompt.empty()) return {};
  if (!benchmark.joint.empty()) prompt += std::string(benchmark.joint) + "{}";
  return prompt;
}

bool has_union_query(const Retriever& model) {
  return model.has_union_head() && model.has_fusion();
}

/// How much of U(query) took part, as it is written (0.1, not the float's
/// 0.10000000149): nothing without that head.
double union_share(const Retriever& model, const EvalOptions& how) {
  return has_union_query(model) ? std::stod(fmt::format("{}", how.union_share))
                                : 0;
}

/// What the benchmark could be asked otherwise, and how it was.
Json protocol_json(const Benchmark& benchmark, const ProtocolChoice& protocol) {
  auto names = Json::object();
  for (const auto& [option, name] : protocol_names(benchmark, protocol))
    names[std::string(option)] = name;
  return names;
}

}  // namespace

EvalRequest with_root(EvalRequest request, const AskedBenchmark& asked) {
  if (request.root.empty()) request.root = asked.root;
  if (request.root.empty())
    fail(ErrorKind::usage, "--root is required: the folder of {}",
         asked.row.name);
  return request;
}

void check_union_share(const ProtocolChoice& protocol, const Retriever& model) {
  if (protocol.union_share.value_or(0) > 0 && !has_union_query(model))
    fail(ErrorKind::usage,
         "--union-share adds the UNION head's vector to a composed query; this "
         "model has no such head");
}

Json eval_settings(const EvalRequest& request, const Benchmark& benchmark,
                   const Retriever& model, const EvalOptions& how,
                   const Evaluation& found) {
  auto methods = Json::array();
  for (const auto method : how.methods)
    methods.push_back(name_of(eval_methods, method));
  const bool composed = model.has_fusion();
  const auto mask =
      how.mask == Mask::automatic ? Mask::boolean : how.mask;  // no training
  return {{"igrot", IGROT_VERSION},
          {"benchmark", benchmark.name},
          {"root", fs::absolute(request.root).string()},
          {"sha256", list_hashes(request.root, found.tasks)},
          {"split", request.choice.split},
          {"limit", request.choice.limit},
          {"model", fs::absolute(model.info().path).string()},
          {"weights_sha256", model.fingerprint()},
          {"methods", methods},
          {"target", composed ? Json(name_of(targets, how.target)) : Json()},
          {"sum_convention", name_of(sum_conventions, how.convention)},
          {"mask", name_of(masks, mask)},
          {"union_share", union_share(model, how)},
          {"removes_reference", benchmark.removes_own},
          {"protocol", protocol_json(benchmark, request.protocol)},
          {"precision", name_of(precisions, model.precision())},
          {"seed", Json()},  // nothing is drawn
          {"preprocess",
           preprocess_json(model.preprocess(), found.tasks.front().recipe)},
          {"prompt", prompt_json(benchmark)},
          {"tasks", tasks_json(found.tasks)},
          {"missing_pictures", found.missing.size()},
          {"left_out_questions", found.left_out}};
}

std::vector<std::pair<std::string, std::string>> setting_lines(
    const Json& settings) {
  std::vector<std::pair<std::string, std::string>> lines;
  for (const auto& [name, value] : settings.items())
    lines.emplace_back(
        name, value.is_string() ? value.get<std::string>() : json_text(value));
  return lines;
}

}  // namespace igrot::app

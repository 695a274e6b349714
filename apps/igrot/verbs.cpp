#include "verbs.h"

#include <array>

namespace igrot::app {
namespace {

constexpr std::array later{
    LaterVerb{"serve", "the server"},
    LaterVerb{"shard", "embedding in shards"},
};

}  // namespace

std::span<const Verb> verbs() {
  static const std::array rows{index_verb,          search_verb,
                               gallery_check_verb,  gallery_compact_verb,
                               gallery_export_verb, config_verb,
                               demo_verb,           model_list_verb,
                               model_fetch_verb,    model_info_verb,
                               model_convert_verb,  tokenize_verb,
                               decode_verb,         prepare_verb,
                               embed_verb,          train_verb,
                               eval_verb,           compare_verb,
                               reproduce_verb,      metrics_verb,
                               submit_check_verb,   data_list_verb,
                               data_check_verb,     data_sample_lasco_verb,
                               data_caption_verb};
  return rows;
}

std::span<const LaterVerb> later_verbs() {
  return later;
}

void offer_json(CLI::App& command, Session& session) {
  command.add_flag("--json", session.json, "print one JSON document");
}

void offer_json_lines(CLI::App& command, Session& session) {
  command.add_flag("--jsonl", session.json_lines, "print JSON, one a line");
}

void offer_strict(CLI::App& command, Session& session) {
  command.add_flag("--strict", session.strict,
                   "exit with 7 when something was skipped");
}

CLI::Option* add_repeatable(CLI::App& command, const std::string& name,
                            std::vector<std::string>& values,
                            const std::string& help) {
  return command.add_option(name, values, help)->allow_extra_args(false);
}

}  // namespace igrot::app

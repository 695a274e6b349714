// The rows of the table of verbs, one a source file of its own.
#pragma once

#include "verb.h"

namespace igrot::app {

inline constexpr std::string_view everybody_section = "Pictures";
inline constexpr std::string_view plumbing_section =
    "For programs and research";

extern const Verb index_verb;
extern const Verb search_verb;
extern const Verb gallery_check_verb;
extern const Verb gallery_compact_verb;
extern const Verb gallery_export_verb;
extern const Verb config_verb;
extern const Verb demo_verb;
extern const Verb model_list_verb;
extern const Verb model_fetch_verb;
extern const Verb model_info_verb;
extern const Verb model_convert_verb;
extern const Verb tokenize_verb;
extern const Verb decode_verb;
extern const Verb prepare_verb;
extern const Verb embed_verb;
extern const Verb train_verb;
extern const Verb eval_verb;
extern const Verb reproduce_verb;
extern const Verb compare_verb;
extern const Verb metrics_verb;
extern const Verb data_list_verb;
extern const Verb data_check_verb;
extern const Verb data_sample_lasco_verb;
extern const Verb data_caption_verb;
extern const Verb submit_check_verb;

}  // namespace igrot::app

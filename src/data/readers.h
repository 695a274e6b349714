// The readers behind the table of training sets, a file each.
#pragma once

#include "data/training_set.h"

namespace igrot {

TripletSet read_llavasco(const std::filesystem::path& root, bool llava);
TripletSet read_laion_template(const std::filesystem::path& root, bool llava);
TripletSet read_laion_llm(const std::filesystem::path& root, bool llava);
TripletSet read_laion_combined(const std::filesystem::path& root, bool llava);
TripletSet read_sketchy(const std::filesystem::path& root, bool llava);

}  // namespace igrot

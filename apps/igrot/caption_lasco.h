// LaSCo's lists of triplets, and LlavaSCo: the same with captions of targets.
//
// lasco_{train,val}.json: a list of {"query-image": [id, path], "query-text",
// "target-image": [id, path]}. What is written is what src/data/lasco.cpp
// reads. Source: the reference's program that makes LlavaSCo, and method.md 7.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace igrot::app {

struct LascoTriplet {
  std::string reference_id;  ///< digits
  std::string text;
  std::string target_id;
  std::filesystem::path target;  ///< the picture
  bool used = false;             ///< whether training looks at it
};

/// All triplets; pictures lie below the list's folder. Throws Error: not_found,
/// corrupt (naming the entry, from 0), unsupported, io.
std::vector<LascoTriplet> read_lasco_triplets(
    const std::filesystem::path& list);

/// Writes LlavaSCo: every triplet in its place, with the caption of those that
/// are used. caption_of: never null for those. Throws Error: io.
void write_llavasco(
    const std::filesystem::path& path,
    const std::vector<LascoTriplet>& triplets,
    const std::function<const std::string*(const LascoTriplet&)>& caption_of);

}  // namespace igrot::app

// The part of LaSCo that LlavaSCo is made of.
#pragma once

#include <filesystem>
#include <string>

#include "data/json_records.h"

namespace igrot {

/// Every 70th of the first 350,000 triplets. Source: method.md 7.
inline constexpr Slice lasco_sample{.end = 350'000, .step = 70};

struct LascoSample {
  std::string json;  ///< the entries as the list has them, one a line
  std::size_t triplets = 0;
  std::size_t listed = 0;  ///< how many the list has
};

/// The sample of a list of triplets: lasco_train.json, train_llavasco.json, or
/// those of val. Entries are checked to be objects; names in them come out in
/// the order of the alphabet. Throws Error: not_found, corrupt (naming the
/// entry, from 0), unsupported, io.
LascoSample sample_lasco(const std::filesystem::path& list);

}  // namespace igrot

#include "data/lasco_sample.h"

#include "base/fail.h"

namespace igrot {

LascoSample sample_lasco(const std::filesystem::path& list) {
  LascoSample sample;
  sample.listed =
      for_each_json(list, lasco_sample, [&](const std::string& entry) {
        if (!entry.starts_with('{'))
          fail(ErrorKind::corrupt, "expected an object");
        sample.json += (sample.triplets == 0 ? "[\n" : ",\n") + entry;
        ++sample.triplets;
      });
  sample.json += sample.triplets == 0 ? "[]\n" : "\n]\n";
  return sample;
}

}  // namespace igrot

// Training-Sketchy: zeroshot1/training_sketchy.txt, a line `class sketch photo`
// with paths below the root. Source: method.md 7.
#include <array>
#include <sstream>

#include "base/fail.h"
#include "data/readers.h"
#include "data/text_file.h"

namespace igrot {
namespace {

constexpr std::string_view words = "a real image of sketch";

/// The three words of a line, split at white space.
std::array<std::string, 3> three_words(std::string_view line) {
  std::array<std::string, 3> found;
  std::istringstream stream{std::string(line)};
  stream >> found[0] >> found[1] >> found[2];
  std::string more;
  if (found[2].empty() || stream >> more)
    fail(ErrorKind::corrupt, "expected three words: class, sketch, photo");
  return found;
}

}  // namespace

TripletSet read_sketchy(const std::filesystem::path& root, bool) {
  TripletSet set{.name = "sketchy", .recipe = {}, .triplets = {}};
  for_each_line(
      root / "zeroshot1" / "training_sketchy.txt", [&](std::string_view line) {
        const auto [kind, sketch, photo] = three_words(line);
        set.triplets.push_back({picture_path(root, sketch, "the sketch"),
                                std::string(words),
                                picture_path(root, photo, "the photo")});
      });
  return set;
}

}  // namespace igrot

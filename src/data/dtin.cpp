// DTIN: photos of ImageNet, asked for pictures of ImageNet-R of the same class
// in another style.
//
// imgnet_real_query.txt: a line `path class`; imgnet_targets.txt: a line
// `path label`, label = 1000 * domain + class. The one gallery holds every
// domain.
#include <array>

#include "data/retrieval_readers.h"

namespace igrot {
namespace {

constexpr std::uint64_t classes_of_a_domain = 1000;

/// In the order of their numbers.
constexpr std::array<std::string_view, 4> domains{"cartoon", "origami", "toy",
                                                  "sculpture"};

}  // namespace

RetrievalSets read_dtin(const std::filesystem::path& root,
                        std::string_view split) {
  const auto asked = root / "imgnet_real_query.txt";
  const auto pictures = root / "imgnet_targets.txt";
  const auto queries = read_class_list(root, asked);
  const auto gallery = read_class_list(root, pictures);
  const auto rows = rows_by_class(gallery);
  RetrievalSets sets;
  for (std::size_t domain = 0; domain < domains.size(); ++domain) {
    RetrievalSet set{.part = std::string(domains[domain]),
                     .split = std::string(split)};
    set.gallery = gallery.files;
    set.lists = {asked, pictures};
    for (std::size_t i = 0; i < queries.files.size(); ++i) {
      const auto right =
          rows.find(classes_of_a_domain * domain + queries.classes[i]);
      set.queries.push_back(
          {.id = {},
           .picture = queries.files[i],
           .words = {set.part},
           .relevant = right == rows.end() ? SharedRows() : right->second});
    }
    sets.push_back(std::move(set));
  }
  return sets;
}

}  // namespace igrot

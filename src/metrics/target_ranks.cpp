// One right answer is a list of one.
#include "metrics/recall.h"
#include "metrics/relevant_ranks.h"

namespace igrot {

std::vector<std::size_t> target_ranks(MatrixView queries, MatrixView gallery,
                                      std::span<const std::size_t> targets,
                                      std::size_t threads) {
  std::vector<std::vector<std::size_t>> relevant;
  for (const auto target : targets) relevant.push_back({target});
  return first_ranks(relevant_ranks(queries, gallery, relevant, {}, threads));
}

}  // namespace igrot

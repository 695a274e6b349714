#include "train/order.h"

#include <numeric>
#include <utility>

#include "base/random.h"
#include "train/purposes.h"

namespace igrot {

std::vector<std::size_t> epoch_order(std::size_t samples, bool shuffle,
                                     std::uint64_t seed, std::size_t epoch) {
  std::vector<std::size_t> order(samples);
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (!shuffle) return order;
  Random random(seed, order_purpose, epoch);
  for (auto left = samples; left > 1; --left)
    std::swap(order[left - 1], order[random.below(left)]);
  return order;
}

}  // namespace igrot

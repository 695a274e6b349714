#include "retry.h"

#include <algorithm>
#include <array>
#include <thread>

namespace igrot::app {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_wait = std::chrono::minutes(1);
constexpr milliseconds wait_slice{50};
constexpr std::size_t most_doublings = 20;

constexpr std::array<long, 7> passing_statuses{408, 425, 429, 500,
                                               502, 503, 504};

}  // namespace

bool is_passing(long status) {
  return std::ranges::find(passing_statuses, status) != passing_statuses.end();
}

milliseconds wait_before(std::size_t tries, milliseconds first,
                         std::optional<long> retry_after_s) {
  const auto doublings =
      std::min(std::max<std::size_t>(tries, 1) - 1, most_doublings);
  auto wait = first * (1 << doublings);
  if (retry_after_s)
    wait = std::max<milliseconds>(
        wait, std::chrono::seconds(std::clamp(*retry_after_s, 0L, 3600L)));
  return std::min(wait, longest_wait);
}

bool pause(milliseconds wait, const std::function<bool()>& go_on) {
  for (; wait.count() > 0; wait -= wait_slice) {
    if (!go_on()) return false;
    std::this_thread::sleep_for(std::min(wait, wait_slice));
  }
  return go_on();
}

}  // namespace igrot::app

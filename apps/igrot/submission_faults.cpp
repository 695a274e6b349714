#include "submission_faults.h"

#include <algorithm>

namespace igrot::app {
namespace {

constexpr bool in_order() {
  for (std::size_t i = 0; i < fault_rows.size(); ++i)
    if (static_cast<std::size_t>(fault_rows[i].fault) != i) return false;
  return true;
}
static_assert(in_order());

const FaultRow* row_of(Fault fault) {
  return &fault_rows[static_cast<std::size_t>(fault)];
}

}  // namespace

void Findings::add(Fault fault, std::string sentence) {
  const auto* row = row_of(fault);
  const auto found = std::ranges::find(list_, row, &Finding::row);
  if (found == list_.end())
    list_.push_back({row, std::move(sentence)});
  else
    ++found->places;
}

bool Findings::has(Fault fault) const {
  return std::ranges::find(list_, row_of(fault), &Finding::row) != list_.end();
}

}  // namespace igrot::app

// A bound on repeated work over one text.
#pragma once

#include <cstddef>

namespace igrot::text {

/// Some repairs repeat until nothing changes, which crafted input can stretch
/// to the square of its length ("&amp;amp;amp;..."). This much is allowed:
/// every text of one line of up to 4096 characters comes to its end, and the
/// whole stays linear.
class WorkLimit {
 public:
  explicit WorkLimit(std::size_t text_size)
      : left_(text_size * 12 + (std::size_t{1} << 24)) {}

  /// Whether `size` more characters may be worked through.
  bool spend(std::size_t size) {
    if (size > left_) return false;
    left_ -= size;
    return true;
  }

 private:
  std::size_t left_;
};

}  // namespace igrot::text

// XXH3 (64 bits) of vectors and of table rows.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/bytes.h"

namespace igrot {

std::uint64_t xxh3(Bytes bytes);

/// XXH3 over a sequence of values. Each enters as a type byte (0 null, 1
/// integer, 2 bytes), then 8 bytes (the integer, or the length), then the
/// bytes, so that no two sequences enter alike.
class ValueChecksum {
 public:
  ValueChecksum();
  ~ValueChecksum();
  ValueChecksum(const ValueChecksum&) = delete;
  ValueChecksum& operator=(const ValueChecksum&) = delete;

  void add_null();
  void add(std::int64_t value);
  void add(std::string_view bytes);

  std::uint64_t value() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace igrot

// SHA-256 of byte sequences.
#pragma once

#include <memory>
#include <string>

#include "base/bytes.h"

namespace igrot {

/// SHA-256 over bytes given in parts.
class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  ~Sha256();

  void add(Bytes bytes);

  /// 64 lower-case hexadecimal digits. Call once, last.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// SHA-256 of `bytes` as 64 lower-case hexadecimal digits.
std::string sha256_hex(Bytes bytes);

}  // namespace igrot

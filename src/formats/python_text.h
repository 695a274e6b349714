// Numbers as Python prints them.
#pragma once

#include <string>

#include "base/bytes.h"

namespace igrot {

/// repr() of a float: the shortest digits that read back the same.
std::string python_repr(double value);

/// A little-endian two's complement integer of any length, in decimal.
std::string decimal(Bytes digits);

}  // namespace igrot

// Verifying the vectors file against the checksums of its blocks.
#pragma once

#include <functional>
#include <string>

#include "gallery/database.h"
#include "igrot/tensor.h"

namespace igrot {

/// Compares every block with its checksum, and the blocks with the rows, which
/// they must cover without gap; a sentence for each fault. Result: blocks.
std::size_t verify_blocks(const Database& database, MatrixView rows,
                          const std::function<void(std::string)>& fault);

}  // namespace igrot

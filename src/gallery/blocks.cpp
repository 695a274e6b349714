#include "gallery/blocks.h"

#include <fmt/format.h>

#include <span>

#include "gallery/checksum.h"

namespace igrot {

std::size_t verify_blocks(const Database& database, MatrixView rows,
                          const std::function<void(std::string)>& fault) {
  auto blocks = database.prepare(
      "SELECT first_row, rows, checksum FROM blocks ORDER BY first_row");
  std::size_t count = 0;
  std::size_t covered = 0;
  for (; blocks.step(); ++count) {
    const auto first = static_cast<std::uint64_t>(blocks.integer(0));
    const auto length = static_cast<std::uint64_t>(blocks.integer(1));
    if (first != covered || length == 0 || length > rows.rows - covered) {
      fault(
          fmt::format("block of {} rows at row {}, expected one at row {} of "
                      "{}",
                      length, first, covered, rows.rows));
      return count;
    }
    const std::span values(rows.data + first * rows.columns,
                           length * rows.columns);
    if (xxh3(std::as_bytes(values)) !=
        static_cast<std::uint64_t>(blocks.integer(2)))
      fault(fmt::format("rows {} to {} do not match their checksum", first,
                        first + length - 1));
    covered += length;
  }
  if (covered != rows.rows)
    fault(fmt::format("checksums cover {} of {} rows", covered, rows.rows));
  return count;
}

}  // namespace igrot

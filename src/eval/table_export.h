// Tables as other programs take them.
#pragma once

#include "eval/tables.h"

namespace igrot {

/// A Markdown table (GitHub's), with the numbers as people see them. What a
/// label holds cannot end its cell. Empty without rows.
std::string table_markdown(const EvalTable& table);

/// RFC 4180, numbers unrounded, an empty field where there is nothing.
std::string table_csv(const EvalTable& table);

}  // namespace igrot

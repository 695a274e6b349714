// Tables on pages.
#pragma once

#include "eval/tables.h"

namespace igrot {

/// The table with its title, in a box that scrolls by itself where the screen
/// is too small. Empty without rows.
std::string table_html(const EvalTable& table);

}  // namespace igrot

// The program as a function, so that tests may run it too.
#pragma once

#include <string>
#include <vector>

#include "session.h"

namespace igrot::app {

/// Runs one command line (without the program's name) and returns the exit
/// code; errors are printed on stderr. Throws nothing.
int run_program(const std::vector<std::string>& arguments, World world);

}  // namespace igrot::app

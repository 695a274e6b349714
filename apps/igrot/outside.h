// What the outside gives a program: environment, place, signals.
#pragma once

#include "session.h"

namespace igrot::app {

/// Reads them, and lets Ctrl-C and SIGTERM set `World::stop` from now on; the
/// second one ends the program at once. For `main`.
World outside_world(std::vector<std::string> arguments);

}  // namespace igrot::app

// igrot-train, the program that `igrot train` becomes.
#pragma once

#include <filesystem>
#include <optional>

#include "session.h"

namespace igrot::app {

/// igrot-train in the folder of `program`, or in ../libexec/igrot from there.
std::optional<std::filesystem::path> find_training_program(
    const std::filesystem::path& program);

/// Runs igrot-train in place of this program: same arguments, environment,
/// folder, standard streams. Throws Error: unsupported (there is none), io.
[[noreturn]] void become_training_program(const World& world);

}  // namespace igrot::app

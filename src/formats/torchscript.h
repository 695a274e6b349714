// The state dict of a TorchScript archive.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "formats/collector.h"

namespace igrot {

/// The attributes of a class that belong to its state dict.
using StateNames = std::set<std::string, std::less<>>;

/// The names that class `name` lists as `__parameters__` and `__buffers__` in
/// its source, or nothing when the source does not say: archives of early
/// versions, or a class that is not there.
std::optional<StateNames> state_names(std::string_view source,
                                      std::string_view name);

/// A record of the archive by its path below the root, or null.
using FindRecord = std::function<SharedStorage(std::string_view path)>;

/// Collects the parameters and buffers of a tree of modules, named by their
/// attributes joined with '.'. Throws Error: corrupt, unsupported.
Contents collect_modules(const pickle::Tree& tree, FindStorage find,
                         const FindRecord& find_record);

}  // namespace igrot

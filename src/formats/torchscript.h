// The state dict of a TorchScript archive.
#pragma once

#include <functional>
#include <map>
#include <string_view>
#include <vector>

#include "formats/collector.h"

namespace igrot {

/// The attributes of a class that belong to its state dict, sorted.
using StateNames = std::vector<std::string_view>;

/// What each class of a source lists as `__parameters__` and `__buffers__`.
/// Classes that do not list both, as in archives of early versions, are left
/// out. The views lie in the source.
std::map<std::string_view, StateNames> find_state_names(
    std::string_view source);

/// A record of the archive by its path below the root, or null.
using FindRecord = std::function<SharedStorage(std::string_view path)>;

/// Collects the parameters and buffers of a tree of modules, named by their
/// attributes joined with '.'. Throws Error: corrupt, unsupported.
Contents collect_modules(const pickle::Tree& tree, FindStorage find,
                         const FindRecord& find_record);

}  // namespace igrot

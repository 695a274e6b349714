// Sets of classes: what is asked and what is found, a folder a class.
#pragma once

#include "data/described_set.h"

namespace igrot {

/// root: absolute, normal. Throws Error: as `read_described_set`.
RetrievalSet read_class_folders(const DescribedSet& described,
                                const std::filesystem::path& root);

}  // namespace igrot

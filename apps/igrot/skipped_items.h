// Which files of a gallery have no vector, and taking them out of a scan's
// counts, which do not tell them from others.
#pragma once

#include <filesystem>
#include <vector>

#include "igrot/gallery.h"

namespace igrot::app {

/// The skipped items below some folders at one moment.
class SkippedItems {
 public:
  SkippedItems(const Gallery& gallery,
               const std::vector<std::filesystem::path>& roots);

  const std::vector<Item>& items() const { return items_; }

  /// Takes those that a scan since then left alone or moved out of its counts.
  void take_from(ScanCounts& counts, const SkippedItems& now) const;

 private:
  std::vector<Item> items_;  // by id
};

/// Takes a file that is about to be appended as skipped out of the counts.
void take_skipped(const std::filesystem::path& file, const Gallery& gallery,
                  ScanCounts& counts);

}  // namespace igrot::app

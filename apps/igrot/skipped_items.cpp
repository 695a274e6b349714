#include "skipped_items.h"

#include <algorithm>

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t items_at_once = 1000;

bool is_below(const fs::path& path, const fs::path& folder) {
  const auto end = std::ranges::mismatch(folder, path).in1;
  return end == folder.end();
}

std::vector<fs::path> canonical(const std::vector<fs::path>& roots) {
  std::vector<fs::path> list;
  for (const auto& root : roots) list.push_back(fs::weakly_canonical(root));
  return list;
}

// Counts are of different moments where others change the files meanwhile.
void take_one(std::size_t& count) {
  if (count > 0) --count;
}

}  // namespace

SkippedItems::SkippedItems(const Gallery& gallery,
                           const std::vector<fs::path>& roots) {
  const auto folders = canonical(roots);
  std::int64_t last = 0;
  for (;;) {
    auto items = gallery.items(last, items_at_once, ItemKind::skipped);
    if (items.empty()) return;
    last = items.back().id;
    for (auto& item : items)
      if (std::ranges::any_of(folders, [&](const fs::path& folder) {
            return is_below(item.file.path, folder);
          }))
        items_.push_back(std::move(item));
  }
}

void SkippedItems::take_from(ScanCounts& counts,
                             const SkippedItems& now) const {
  for (const auto& item : now.items_) {
    const auto before =
        std::ranges::lower_bound(items_, item.id, {}, &Item::id);
    if (before == items_.end() || before->id != item.id) continue;
    const bool stayed = before->file.path == item.file.path;
    take_one(stayed ? counts.unchanged : counts.moved);
  }
}

void take_skipped(const fs::path& file, const Gallery& gallery,
                  ScanCounts& counts) {
  const auto known = gallery.find(file);
  if (!known)
    take_one(counts.added);
  else if (known->content_hash.empty())
    take_one(counts.retried);
  else
    take_one(counts.changed);
}

}  // namespace igrot::app

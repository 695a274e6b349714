// Sketchy, TU-Berlin and QuickDraw: sketches, asked for photos of their class.
// A list of sketches and one of photos, of classes that training has not seen.
#include <algorithm>
#include <array>

#include "data/retrieval_readers.h"

namespace igrot {
namespace {

struct SketchLists {
  std::string_view set;
  std::string_view split;
  std::string_view sketches;
  std::string_view photos;
};

constexpr std::array lists{
    SketchLists{"sketchy", "val",
                "zeroshot1/sketch_tx_000000000000_ready_filelist_zero.txt",
                "zeroshot1/all_photo_filelist_zero.txt"},
    SketchLists{"sketchy", "val21",
                "zeroshot0/sketch_tx_000000000000_ready_filelist_zero.txt",
                "zeroshot0/all_photo_filelist_zero.txt"},
    SketchLists{"tuberlin", "val", "zeroshot/png_ready_filelist_zero.txt",
                "zeroshot/ImageResized_ready_filelist_zero.txt"},
    SketchLists{"quickdraw", "val", "zeroshot/sketch_zero.txt",
                "zeroshot/all_photo_zero.txt"},
};

RetrievalSets read(std::string_view name, const std::filesystem::path& root,
                   std::string_view split) {
  const auto row = std::ranges::find_if(lists, [&](const SketchLists& each) {
    return each.set == name && each.split == split;
  });
  RetrievalSet set{.part = {}, .split = std::string(split)};
  set.lists = {root / row->sketches, root / row->photos};
  const auto sketches = read_class_list(root, set.lists[0]);
  auto photos = read_class_list(root, set.lists[1]);
  const auto rows = rows_by_class(photos);
  set.gallery = std::move(photos.files);
  for (std::size_t i = 0; i < sketches.files.size(); ++i) {
    const auto right = rows.find(sketches.classes[i]);
    set.queries.push_back(
        {.id = {},
         .picture = sketches.files[i],
         .words = {},
         .relevant = right == rows.end() ? SharedRows() : right->second});
  }
  return {set};
}

}  // namespace

RetrievalSets read_sketchy_sets(const std::filesystem::path& root,
                                std::string_view split) {
  return read("sketchy", root, split);
}

RetrievalSets read_tuberlin(const std::filesystem::path& root,
                            std::string_view split) {
  return read("tuberlin", root, split);
}

RetrievalSets read_quickdraw(const std::filesystem::path& root,
                             std::string_view split) {
  return read("quickdraw", root, split);
}

}  // namespace igrot

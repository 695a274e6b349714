// FashionIQ: three types of clothes, each with a gallery of its own.
//
// captions/cap.{type}.val.json: a list of {"candidate", "target", "captions"};
// the reference program reads cap.{type}.val_llava.json, the same with more
// fields. image_splits/split.{type}.val.json: a list of names.
// images/{name}.png.
#include <array>

#include "base/fail.h"
#include "data/json_records.h"
#include "data/retrieval_readers.h"
#include "data/text_file.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> types{"dress", "shirt", "toptee"};

fs::path picture(const fs::path& root, const std::string& name) {
  return picture_path(root / "images", name + ".png", "the name");
}

RetrievalSet read_type(const fs::path& root, std::string_view type,
                       std::string_view split) {
  const auto captions = fmt::format("captions/cap.{}.{}", type, split);
  const auto pictures =
      root / fmt::format("image_splits/split.{}.{}.json", type, split);
  const auto queries =
      first_file(root, {captions + ".json", captions + "_llava.json"});
  RetrievalSet set{.part = std::string(type), .split = std::string(split)};
  set.lists = {queries, pictures};
  NamedGallery gallery(set, pictures);
  for_each_text(pictures, [&](const std::string&, const std::string& name) {
    gallery.add(name, picture(root, name));
  });
  for_each_record(queries, {}, [&](const Record& record) {
    set.queries.push_back(
        {.id = {},
         .picture = picture(root, record.text("candidate")),
         .words = record.texts("captions"),
         .relevant = {gallery.row(record.text("target"), "target")}});
  });
  return set;
}

}  // namespace

RetrievalSets read_fashioniq(const fs::path& root, std::string_view split) {
  RetrievalSets sets;
  for (const auto type : types) sets.push_back(read_type(root, type, split));
  return sets;
}

}  // namespace igrot

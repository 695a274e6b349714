// FashionIQ: three types of clothes, each with a gallery of its own.
//
// captions/cap.{type}.val.json: a list of {"candidate", "target", "captions"};
// the reference program reads cap.{type}.val_llava.json, the same with more
// fields. image_splits/split.{type}.val.json: a list of names.
// images/{name}.png, of mirrors also .jpg and .jpeg.
#include <algorithm>
#include <array>

#include "base/fail.h"
#include "data/json_records.h"
#include "data/retrieval_readers.h"
#include "data/text_file.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> types{"dress", "shirt", "toptee"};

/// The data set's own ending first.
constexpr std::array<std::string_view, 3> endings{".png", ".jpg", ".jpeg"};

/// The folder of pictures, listed once: it holds tens of thousands.
class Pictures {
 public:
  explicit Pictures(const fs::path& root) : folder_(root / "images") {
    std::error_code ignored;
    fs::directory_iterator entries(folder_, ignored);
    for (; !ignored && entries != fs::directory_iterator();
         entries.increment(ignored))
      add(entries->path().filename());
  }

  /// A picture that is not there is called as the data set calls it.
  fs::path operator()(const std::string& name) const {
    const auto found = endings_.find(name);
    const auto place = found == endings_.end() ? 0 : found->second;
    return picture_path(folder_, name + std::string(endings[place]),
                        "the name");
  }

 private:
  void add(const fs::path& file) {
    const auto ending = std::ranges::find(endings, file.extension().string());
    if (ending == endings.end()) return;
    const auto place = static_cast<std::size_t>(ending - endings.begin());
    const auto [known, is_new] = endings_.emplace(file.stem().string(), place);
    if (!is_new) known->second = std::min(known->second, place);
  }

  fs::path folder_;
  std::map<std::string, std::size_t> endings_;  // by name
};

RetrievalSet read_type(const fs::path& root, const Pictures& picture,
                       std::string_view type, std::string_view split) {
  const auto captions = fmt::format("captions/cap.{}.{}", type, split);
  const auto pictures =
      root / fmt::format("image_splits/split.{}.{}.json", type, split);
  const auto queries =
      first_file(root, {captions + ".json", captions + "_llava.json"});
  RetrievalSet set{.part = std::string(type), .split = std::string(split)};
  set.lists = {queries, pictures};
  NamedGallery gallery(set, pictures);
  for_each_text(pictures, [&](const std::string&, const std::string& name) {
    gallery.add(name, picture(name));
  });
  for_each_record(queries, {}, [&](const Record& record) {
    set.queries.push_back(
        {.id = {},
         .picture = picture(record.text("candidate")),
         .words = record.texts("captions"),
         .relevant = {gallery.row(record.text("target"), "target")},
         .own = gallery.find(record.text("candidate"))});
  });
  return set;
}

}  // namespace

RetrievalSets read_fashioniq(const fs::path& root, std::string_view split) {
  RetrievalSets sets;
  const Pictures picture(root);
  for (const auto type : types)
    sets.push_back(read_type(root, picture, type, split));
  return sets;
}

}  // namespace igrot

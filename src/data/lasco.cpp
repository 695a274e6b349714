// LaSCo's photos, with the captions LLaVA gave them (LlavaSCo).
//
// {split}_llavasco.json: a list of {"reference_image_id", "target_image_id",
// "relative_caption", "llava_target_caption", ...}; of its first 350,000
// entries every 70th is used. lasco_val_corpus.json: a list of {"id", ...}.
// Pictures: {split}2014/COCO_{split}2014_<12 digits>.jpg.
// Source: method.md 7, and 9 item 4.
#include <map>

#include "base/fail.h"
#include "data/json_records.h"
#include "data/lasco_sample.h"
#include "data/readers.h"
#include "data/retrieval_readers.h"
#include "data/validation_set.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

constexpr PictureRecipe recipe{.convert = Convert::first,
                               .row_normalize = true};

fs::path photo(const fs::path& root, std::string_view split,
               const std::string& id) {
  return root / fmt::format("{0}2014/COCO_{0}2014_{1:0>12}.jpg", split, id);
}

std::string words(const Record& record, bool llava) {
  auto text = record.text("relative_caption");
  if (llava) text += " with " + record.text("llava_target_caption");
  return text;
}

}  // namespace

TripletSet read_llavasco(const fs::path& root, bool llava) {
  TripletSet set{.name = "llavasco", .recipe = recipe, .triplets = {}};
  for_each_record(
      root / "train_llavasco.json", lasco_sample, [&](const Record& record) {
        set.triplets.push_back(
            {photo(root, "train", record.digits("reference_image_id")),
             words(record, llava),
             photo(root, "train", record.digits("target_image_id"))});
      });
  return set;
}

ValidationSet read_lasco_validation(const fs::path& relative_root) {
  const auto root = fs::absolute(relative_root);
  ValidationSet set{
      .name = "lasco", .recipe = recipe, .gallery = {}, .queries = {}};
  std::map<fs::path, std::size_t> places;
  for_each_record(root / "lasco_val_corpus.json", {},
                  [&](const Record& record) {
                    auto file = photo(root, "val", record.digits("id"));
                    places.emplace(file, set.gallery.size());
                    set.gallery.push_back(std::move(file));
                  });
  for_each_record(
      root / "val_llavasco.json", lasco_sample, [&](const Record& record) {
        const auto target = record.digits("target_image_id");
        const auto place = places.find(photo(root, "val", target));
        if (place == places.end())
          fail(ErrorKind::corrupt, "target {} is not in lasco_val_corpus.json",
               target);
        set.queries.push_back(
            {photo(root, "val", record.digits("reference_image_id")),
             words(record, true), place->second});
      });
  return set;
}

RetrievalSets read_lasco(const fs::path& root, std::string_view split) {
  auto read = read_lasco_validation(root);
  RetrievalSet set{
      .part = {}, .split = std::string(split), .recipe = read.recipe};
  set.gallery = std::move(read.gallery);
  std::map<fs::path, std::size_t> rows;
  for (std::size_t row = 0; row < set.gallery.size(); ++row)
    rows.emplace(set.gallery[row], row);
  set.lists = {root / "val_llavasco.json", root / "lasco_val_corpus.json"};
  for (auto& query : read.queries) {
    const auto own = rows.find(query.reference);
    set.queries.push_back(
        {.id = {},
         .picture = std::move(query.reference),
         .words = {std::move(query.text)},
         .relevant = {query.target},
         .own = own == rows.end() ? std::nullopt : std::optional(own->second)});
  }
  return {set};
}

}  // namespace igrot

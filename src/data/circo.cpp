// CIRCO: photos of COCO 2017 unlabeled, with every right answer known.
//
// annotations/{val,test}.json: a list of {"id", "reference_img_id",
// "shared_concept", "relative_caption"} and, in val, "target_img_id" and
// "gt_img_ids", "semantic_aspects".
// COCO2017_unlabeled/annotations/image_info_unlabeled2017.json: an object whose
// "images" is a list of {"id"}; unlabeled2017/<12 digits>.jpg. Pictures become
// RGB before anything else (method.md 3).
#include "base/fail.h"
#include "data/json_records.h"
#include "data/retrieval_readers.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view test_split = "test";

RetrievalQuery query_of(const Record& record, const RetrievalSet& set,
                        const NamedGallery& gallery) {
  RetrievalQuery query{
      .id = record.digits("id"),
      .picture = {},
      .words = {record.text("shared_concept"), record.text("relative_caption")},
      .relevant = {}};
  query.own = gallery.row(record.digits("reference_img_id"), "reference");
  query.picture = set.gallery[*query.own];
  if (!set.judged) return query;
  query.target = gallery.row(record.digits("target_img_id"), "target");
  std::vector<std::size_t> truths;
  for (const auto& id : record.digit_list("gt_img_ids"))
    truths.push_back(gallery.row(id, "right answer"));
  query.relevant = std::move(truths);
  if (record.has("semantic_aspects"))
    query.kinds = record.texts("semantic_aspects");
  return query;
}

}  // namespace

RetrievalSets read_circo(const fs::path& root, std::string_view split) {
  const auto photos = root / "COCO2017_unlabeled";
  const auto pictures = photos / "annotations/image_info_unlabeled2017.json";
  const auto queries = root / fmt::format("annotations/{}.json", split);
  RetrievalSet set{.part = {},
                   .split = std::string(split),
                   .judged = split != test_split,
                   .recipe = {.convert = Convert::first}};
  set.lists = {queries, pictures};
  NamedGallery gallery(set, pictures);
  for_each_record_of(pictures, "images", [&](const Record& record) {
    const auto id = record.digits("id");
    gallery.add(id, photos / fmt::format("unlabeled2017/{:0>12}.jpg", id));
  });
  for_each_record(queries, {}, [&](const Record& record) {
    set.queries.push_back(query_of(record, set, gallery));
  });
  return {set};
}

}  // namespace igrot

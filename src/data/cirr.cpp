// CIRR: photos of NLVR2, each query with a subset of six that look alike.
//
// cirr/captions/cap.rc2.{split}.json: a list of {"pairid", "reference",
// "caption", "img_set": {"members": [...]}} and, but for test1, "target_hard";
// the reference program reads the test's from cap.rc2.test12.json.
// cirr/image_splits/split.rc2.{split}.json: an object, name to path.
// Pictures become RGB before anything else (method.md 3).
#include "base/fail.h"
#include "data/json_records.h"
#include "data/retrieval_readers.h"
#include "data/text_file.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view test_split = "test1";

RetrievalQuery query_of(const Record& record, const RetrievalSet& set,
                        const NamedGallery& gallery) {
  RetrievalQuery query{.id = record.digits("pairid"),
                       .picture = {},
                       .words = {record.text("caption")},
                       .relevant = {}};
  query.own = gallery.row(record.text("reference"), "reference");
  query.picture = set.gallery[*query.own];
  for (const auto& member : record.texts("img_set/members"))
    query.subset.push_back(gallery.row(member, "member"));
  if (set.judged)
    query.relevant = {gallery.row(record.text("target_hard"), "target")};
  return query;
}

}  // namespace

RetrievalSets read_cirr(const fs::path& root, std::string_view split) {
  const auto captions = fmt::format("cirr/captions/cap.rc2.{}", split);
  const auto pictures =
      root / fmt::format("cirr/image_splits/split.rc2.{}.json", split);
  const auto queries =
      first_file(root, {captions + ".json", captions + "2.json"});
  RetrievalSet set{.part = {},
                   .split = std::string(split),
                   .judged = split != test_split,
                   .recipe = {.convert = Convert::first}};
  set.lists = {queries, pictures};
  NamedGallery gallery(set, pictures);
  for_each_text(pictures, [&](const std::string& name,
                              const std::string& path) {
    gallery.add(name, picture_path(root, path, "the path").lexically_normal());
  });
  for_each_record(queries, {}, [&](const Record& record) {
    set.queries.push_back(query_of(record, set, gallery));
  });
  return {set};
}

}  // namespace igrot

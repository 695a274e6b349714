#include "caption_lasco.h"

#include "base/fail.h"
#include "base/file.h"
#include "data/json_records.h"
#include "data/lasco_sample.h"
#include "data/text_file.h"
#include "output.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

/// [id, path], the id as digits.
struct Picture {
  std::string id;
  fs::path file;
};

Picture picture_in(const Record& record, const std::string& name,
                   const fs::path& root) {
  const auto found = record.fields.find(name);
  const auto* list = found == record.fields.end()
                         ? nullptr
                         : std::get_if<std::vector<FieldItem>>(&found->second);
  const auto* path = list && list->size() == 2
                         ? std::get_if<std::string>(&(*list)[1])
                         : nullptr;
  if (!path) fail(ErrorKind::corrupt, "'{}' is not [id, path]", name);
  Record id;
  id.fields.emplace(
      name,
      std::visit([](const auto& value) -> Field { return value; }, (*list)[0]));
  return {id.digits(name), picture_path(root, *path, "'" + name + "'")};
}

/// A number, as the public lists have it; a text where that would change it.
Json id_json(const std::string& digits) {
  const bool is_number =
      digits.size() < 20 && (digits.size() == 1 || digits.front() != '0');
  return is_number ? Json::parse(digits) : Json(digits);
}

Json entry(const LascoTriplet& triplet) {
  return {{"reference_image_id", id_json(triplet.reference_id)},
          {"relative_caption", triplet.text},
          {"target_image_id", id_json(triplet.target_id)}};
}

}  // namespace

std::vector<LascoTriplet> read_lasco_triplets(const fs::path& list) {
  std::vector<LascoTriplet> triplets;
  const auto root = list.parent_path();
  for_each_record(list, {}, [&](const Record& record) {
    const auto target = picture_in(record, "target-image", root);
    const auto place = triplets.size();
    triplets.push_back(
        {.reference_id = picture_in(record, "query-image", root).id,
         .text = record.text("query-text"),
         .target_id = target.id,
         .target = target.file,
         .used = place < lasco_sample.end && place % lasco_sample.step == 0});
  });
  return triplets;
}

void write_llavasco(
    const fs::path& path, const std::vector<LascoTriplet>& triplets,
    const std::function<const std::string*(const LascoTriplet&)>& caption_of) {
  AtomicFile file(path);
  std::string_view before = "[";
  for (const auto& triplet : triplets) {
    auto json = entry(triplet);
    if (triplet.used) json["llava_target_caption"] = *caption_of(triplet);
    file.write(before);
    file.write(json_text(json));
    before = ",\n";
  }
  file.write(triplets.empty() ? "[]\n" : "]\n");
  file.commit();
}

}  // namespace igrot::app

// LAION-CIR, from TransAgg: three files of one kind.
//
// A list of {"ref_image_id", "tgt_image_id", "relative_cap", ...}, or an object
// whose keys are the ids of the references. Ids are numbers or texts of digits.
// Pictures: <7 digits>.png in images/, or beside the file.
// Source: method.md 3 and 7.
#include "base/fail.h"
#include "data/json_records.h"
#include "data/readers.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

fs::path picture_folder(const fs::path& root) {
  std::error_code ignored;
  const auto folder = root / "images";
  return fs::is_directory(folder, ignored) ? folder : root;
}

TripletSet read(std::string_view name, const fs::path& root,
                std::string_view file) {
  TripletSet set{.name = std::string(name),
                 .recipe = {.rgba_unless_rgb = true},
                 .triplets = {}};
  const auto folder = picture_folder(root);
  const auto picture = [&](const std::string& id) {
    return folder / fmt::format("{:0>7}.png", id);
  };
  for_each_record(root / file, {}, [&](const Record& record) {
    const bool keyed = record.key && !record.has("ref_image_id");
    set.triplets.push_back(
        {picture(keyed ? key_digits(record) : record.digits("ref_image_id")),
         record.text("relative_cap"), picture(record.digits("tgt_image_id"))});
  });
  return set;
}

}  // namespace

TripletSet read_laion_template(const fs::path& root, bool) {
  return read("laion-template", root, "laion_template_info.json");
}

TripletSet read_laion_llm(const fs::path& root, bool) {
  return read("laion-llm", root, "laion_llm_info.json");
}

TripletSet read_laion_combined(const fs::path& root, bool) {
  return read("laion-combined", root, "laion_combined_new.json");
}

}  // namespace igrot

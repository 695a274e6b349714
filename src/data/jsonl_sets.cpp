// One's own data: JSONL files, for training and for validation.
#include <map>

#include "base/fail.h"
#include "data/json_records.h"
#include "data/text_file.h"
#include "data/training_set.h"
#include "data/validation_set.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

/// Reads the pictures that a record names.
class NamedPictures {
 public:
  NamedPictures(const fs::path& file, const fs::path& root)
      : root_(root.empty() ? fs::absolute(file).parent_path()
                           : fs::absolute(root)) {}

  fs::path operator()(const Record& record, std::string_view name) const {
    return picture_path(root_, record.text(name), fmt::format("'{}'", name));
  }

 private:
  fs::path root_;
};

/// Numbers pictures in the order of their first appearance.
class Gallery {
 public:
  std::size_t place(const fs::path& file) {
    const auto [found, is_new] =
        places_.emplace(file.lexically_normal(), files_.size());
    if (is_new) files_.push_back(file);
    return found->second;
  }

  std::vector<fs::path> files() && { return std::move(files_); }

 private:
  std::map<fs::path, std::size_t> places_;
  std::vector<fs::path> files_;
};

}  // namespace

TripletSet read_triplets(const fs::path& file, const fs::path& root) {
  TripletSet set{
      .name = file.filename().string(), .recipe = {}, .triplets = {}};
  const NamedPictures picture(file, root);
  for_each_line_record(file, [&](const Record& record) {
    set.triplets.push_back({picture(record, "reference"), record.text("text"),
                            picture(record, "target")});
  });
  return set;
}

CaptionSet read_captions(const fs::path& file, const fs::path& root) {
  CaptionSet set{.name = file.filename().string(), .recipe = {}, .samples = {}};
  const NamedPictures picture(file, root);
  for_each_line_record(file, [&](const Record& record) {
    CaptionedPicture sample{picture(record, "image"), record.text("text"),
                            std::nullopt};
    if (record.has("other")) sample.other = picture(record, "other");
    set.samples.push_back(std::move(sample));
  });
  return set;
}

ValidationSet read_validation_triplets(const fs::path& file,
                                       const fs::path& root) {
  auto read = read_triplets(file, root);
  ValidationSet set{.name = std::move(read.name),
                    .recipe = read.recipe,
                    .gallery = {},
                    .queries = {}};
  Gallery gallery;
  for (auto& triplet : read.triplets) {
    gallery.place(triplet.reference);
    const auto target = gallery.place(triplet.target);
    set.queries.push_back(
        {std::move(triplet.reference), std::move(triplet.text), target});
  }
  set.gallery = std::move(gallery).files();
  return set;
}

}  // namespace igrot

// A data set with one of its lists replaced. The first byte says which.
#include <array>

#include "data/retrieval_set.h"
#include "fuzz/scratch.h"

namespace {

using namespace igrot;

void read_gallery(std::string_view name, const std::filesystem::path& root) {
  const auto& source = find_retrieval_source(name);
  for (const auto& set :
       read_retrieval_sets(source, root, source.splits.front()))
    for (const auto& query : set.queries)
      if (query.own && *query.own >= set.gallery.size()) std::abort();
}

void read_training(std::string_view name, const std::filesystem::path& root) {
  read_training_set(name, root, true);
}

struct List {
  std::string_view set;
  void (*read)(std::string_view set, const std::filesystem::path& root);
  std::string_view path;  ///< below the set's folder
  std::string_view sound;
};

// Layouts: docs/datasets.md.
constexpr std::array lists{
    List{"cirr", read_gallery, "cirr/captions/cap.rc2.val.json",
         R"([{"pairid": 1, "reference": "a", "target_hard": "b",
              "target_soft": {"b": 1.0}, "caption": "c",
              "img_set": {"id": 0, "members": ["a", "b"]}}])"},
    List{"cirr", read_gallery, "cirr/image_splits/split.rc2.val.json",
         R"({"a": "./dev/a.png", "b": "./dev/b.png"})"},
    List{"circo", read_gallery, "annotations/val.json",
         R"([{"id": 0, "reference_img_id": 1, "target_img_id": 2,
              "gt_img_ids": [2], "relative_caption": "c",
              "shared_concept": "s", "semantic_aspects": ["cardinality"]}])"},
    List{"circo", read_gallery,
         "COCO2017_unlabeled/annotations/image_info_unlabeled2017.json",
         R"({"images": [{"id": 1, "file_name": "1.jpg"}, {"id": 2}]})"},
    List{"fashioniq", read_gallery, "captions/cap.dress.val.json",
         R"([{"candidate": "a", "target": "b", "captions": ["c", "d"]}])"},
    List{"fashioniq", read_gallery, "image_splits/split.dress.val.json",
         R"(["a", "b"])"},
    List{"fashioniq", read_gallery, "captions/cap.shirt.val.json", "[]"},
    List{"fashioniq", read_gallery, "image_splits/split.shirt.val.json", "[]"},
    List{"fashioniq", read_gallery, "captions/cap.toptee.val.json", "[]"},
    List{"fashioniq", read_gallery, "image_splits/split.toptee.val.json", "[]"},
    List{"lasco", read_gallery, "val_llavasco.json",
         R"([{"reference_image_id": 1, "target_image_id": 2,
              "relative_caption": "c", "llava_target_caption": "d"}])"},
    List{"lasco", read_gallery, "lasco_val_corpus.json",
         R"([{"id": 1}, {"id": 2}])"},
    List{"dtin", read_gallery, "imgnet_real_query.txt", "a/b c.jpg 0\n"},
    List{"dtin", read_gallery, "imgnet_targets.txt", "a.jpg 0\nb.jpg 200\n"},
    List{"quickdraw", read_gallery, "zeroshot/sketch_zero.txt", "a.png 0\n"},
    List{"quickdraw", read_gallery, "zeroshot/all_photo_zero.txt", "a.jpg 0\n"},
    List{"llavasco", read_training, "train_llavasco.json",
         R"([{"reference_image_id": 1, "target_image_id": 2,
              "relative_caption": "c", "llava_target_caption": "d"}])"},
    List{"laion-llm", read_training, "laion_llm_info.json",
         R"({"1": {"tgt_image_id": "2", "relative_cap": "c"}})"},
    List{"sketchy", read_training, "zeroshot1/training_sketchy.txt",
         "cat a.png b.jpg\n"},
};

/// Each kind of reader has folders of its own: sketchy is both.
std::string folder_of(const List& list) {
  return std::string(list.read == read_training ? "training/" : "gallery/") +
         std::string(list.set);
}

void write(const List& list, const void* bytes, std::size_t size) {
  const auto path = folder_of(list) + "/" + std::string(list.path);
  std::filesystem::create_directories(
      (fuzz::scratch().folder() / path).parent_path());
  fuzz::scratch().write(path, bytes, size);
}

void write_sound(const List& list) {
  write(list, list.sound.data(), list.sound.size());
}

void read(const List& list) {
  list.read(list.set, fuzz::scratch().folder() / folder_of(list));
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  for (const auto& list : lists) write_sound(list);
  for (const auto& list : lists) read(list);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0) return 0;
  const auto& list = lists[data[0] % lists.size()];
  write(list, data + 1, size - 1);
  fuzz::expect_value_or_error([&] { read(list); });
  write_sound(list);
  return 0;
}

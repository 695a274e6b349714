#include "data/validation_set.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "formats/npy.h"
#include "tests/data/sample.h"

namespace igrot {
namespace {

nlohmann::json golden_json(const std::string& name) {
  std::ifstream file(golden_sets() / "LaSCo" / name);
  return nlohmann::json::parse(file);
}

TEST(LascoValidation, AsksTheWholeCorpus) {
  const auto root = golden_sets() / "LaSCo";
  const auto corpus = golden_json("lasco_val_corpus.json");
  const auto set = read_lasco_validation(root);
  ASSERT_EQ(set.gallery.size(), corpus.size());
  for (std::size_t i = 0; i < corpus.size(); ++i)
    EXPECT_EQ(set.gallery[i], root / corpus[i]["path"].get<std::string>());
}

TEST(LascoValidation, NamesTheTargetAndItsCaptionInEveryQuery) {
  const auto entries = golden_json("val_llavasco.json");
  const auto set = read_lasco_validation(golden_sets() / "LaSCo");
  ASSERT_EQ(set.queries.size(), 16U);
  for (std::size_t i = 0; i < 16; ++i) {
    const auto& entry = entries[70 * i];
    const auto& query = set.queries[i];
    const auto ends_in = [](const std::filesystem::path& file, int id) {
      return file.string().ends_with(
          "_" + std::string(12 - std::to_string(id).size(), '0') +
          std::to_string(id) + ".jpg");
    };
    EXPECT_TRUE(ends_in(query.reference, entry["reference_image_id"]));
    EXPECT_TRUE(
        ends_in(set.gallery.at(query.target), entry["target_image_id"]));
    EXPECT_EQ(query.text, entry["relative_caption"].get<std::string>() +
                              " with " +
                              entry["llava_target_caption"].get<std::string>());
  }
}

TEST(LascoValidation, TakesPixelsAsItsTrainingDoes) {
  const auto root = golden_sets() / "LaSCo";
  EXPECT_EQ(read_lasco_validation(root).recipe,
            read_training_set("llavasco", root, true).recipe);
}

}  // namespace
}  // namespace igrot

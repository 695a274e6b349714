// The sample of LaSCo's triplets.
#include "data/lasco_sample.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/data/sample.h"

namespace igrot {
namespace {

using nlohmann::json;
using testing::HasSubstr;

TEST(LascoSample, IsEvery70thInTheFormOfTheList) {
  for (const auto* name : {"lasco_train.json", "train_llavasco.json"}) {
    const auto list = golden_sets() / "LaSCo" / name;
    const auto sample = sample_lasco(list);
    std::ifstream in(list);
    const auto all = json::parse(in);
    const auto found = json::parse(sample.json);
    EXPECT_EQ(sample.listed, all.size());
    EXPECT_EQ(sample.triplets, (all.size() + 69) / 70);
    ASSERT_EQ(found.size(), sample.triplets);
    for (std::size_t i = 0; i < found.size(); ++i)
      EXPECT_EQ(found[i], all[70 * i]);
  }
}

TEST(LascoSample, EndsAfterTheFirst350000) {
  const TemporaryFolder folder;
  std::string text = "[";
  for (int i = 0; i < 350'141; ++i)
    text += fmt::format("{}{{\"qid\":{}}}", i == 0 ? "" : ",", i);
  write_text(folder / "list.json", text + "]");
  const auto sample = sample_lasco(folder / "list.json");
  EXPECT_EQ(sample.listed, 350'141U);
  EXPECT_EQ(sample.triplets, 5000U);
  EXPECT_EQ(json::parse(sample.json).back().at("qid"), 349'930);
}

TEST(LascoSample, RefusesWhatIsNoListOfObjects) {
  const TemporaryFolder folder;
  const auto refused = [&](std::string_view text) {
    write_text(folder / "list.json", text);
    return refusal(ErrorKind::corrupt,
                   [&] { sample_lasco(folder / "list.json"); });
  };
  EXPECT_THAT(refused("[1]"), HasSubstr("entry 0: expected an object"));
  EXPECT_THAT(refused("{\"a\": [{}"), HasSubstr("not JSON"));
}

}  // namespace
}  // namespace igrot

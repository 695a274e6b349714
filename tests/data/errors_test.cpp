#include <gmock/gmock.h>

#include "data/training_set.h"
#include "data/validation_set.h"
#include "tests/data/sample.h"

namespace igrot {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

/// What reading a damaged LlavaSCo list ends in.
std::string llavasco_refusal(std::string_view list) {
  const TemporaryFolder folder;
  write_text(folder / "train_llavasco.json", list);
  return refusal(ErrorKind::corrupt,
                 [&] { read_training_set("llavasco", folder.path(), true); });
}

/// Entries that are passed over, up to the one numbered 70.
std::string entries_before_70() {
  std::string list = R"([{"reference_image_id": 1, "target_image_id": 2,)"
                     R"( "relative_caption": "", "llava_target_caption": ""},)";
  for (int i = 1; i < 70; ++i) list += "0,";
  return list;
}

TEST(Lists, NameTheEntryThatIsDamaged) {
  const auto before = entries_before_70();
  const auto entry = [&](std::string_view text) {
    return llavasco_refusal(before + std::string(text) + "]");
  };
  EXPECT_THAT(entry(R"({"reference_image_id": 1, "target_image_id": 2})"),
              EndsWith("train_llavasco.json: entry 70: 'relative_caption' is "
                       "missing"));
  EXPECT_THAT(entry(R"({"reference_image_id": 1, "target_image_id": 2,)"
                    R"( "relative_caption": 3})"),
              EndsWith("entry 70: 'relative_caption' is not a text"));
  EXPECT_THAT(entry(R"({"reference_image_id": 1, "target_image_id": 2,)"
                    R"( "relative_caption": ""})"),
              EndsWith("entry 70: 'llava_target_caption' is missing"));
  for (const auto* other : {"1", "\"x\"", "null", "[[]]"})
    EXPECT_THAT(entry(other), EndsWith("entry 70: expected an object"));
}

TEST(Lists, RefuseIdsThatAreNoWholeNumbers) {
  for (const auto* id :
       {"-1", "1.5", "1e3", "true", "null", "\"\"", "\"-1\"", "\"1x\"",
        "\"../1\"", "\"123456789012345678901\"", "99999999999999999999", "[]"})
    EXPECT_THAT(llavasco_refusal(R"([{"reference_image_id": )" +
                                 std::string(id) + "}]"),
                EndsWith("entry 0: 'reference_image_id' is not a whole number"))
        << id;
}

TEST(Lists, RefuseHalvesOfCharacters) {
  for (const auto* half : {R"(\ud83d)", R"(\ud83dx)", R"(\ude00)"})
    EXPECT_THAT(llavasco_refusal(R"([{"relative_caption": ")" +
                                 std::string(half) + "\"}]"),
                HasSubstr("train_llavasco.json: half a surrogate pair"))
        << half;
  EXPECT_THAT(llavasco_refusal(R"([{"relative_caption": "\ud83d\ude00"}]))"),
              Not(HasSubstr("surrogate")));
}

TEST(Lists, RefuseWhatIsNoList) {
  for (const auto* text : {"1", "\"x\"", "null"})
    EXPECT_THAT(llavasco_refusal(text), HasSubstr("expected a list")) << text;
  for (const auto* text : {"", "[", "[]]", "[,", "{\"1\": ", "[\"\xff\"]"})
    EXPECT_THAT(llavasco_refusal(text), HasSubstr("not JSON at byte")) << text;
  EXPECT_THAT(llavasco_refusal("[1e999]"), HasSubstr("out of range"));
}

TEST(Lists, RefuseToFollowEndlessNesting) {
  for (const auto* before : {"", "[{\"x\": "})
    EXPECT_THAT(llavasco_refusal(before + std::string(1'000'000, '[')),
                HasSubstr("nests deeper than 100"));
}

TEST(Lists, EndInAValueOrAnErrorWhereverTheyAreCut) {
  const std::string whole =
      R"({"7": {"tgt_image_id": "8", "relative_cap": "\u00e9\n"}, "9": 0})";
  const TemporaryFolder folder;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    write_text(folder / "laion_llm_info.json", whole.substr(0, size));
    EXPECT_NE(
        refusal(ErrorKind::corrupt,
                [&] { read_training_set("laion-llm", folder.path(), false); }),
        "")
        << size;
  }
}

TEST(Lists, RefuseKeysThatAreNoIds) {
  const TemporaryFolder folder;
  write_text(folder / "laion_llm_info.json",
             R"({"../7": {"tgt_image_id": "8", "relative_cap": ""}})");
  EXPECT_THAT(
      refusal(ErrorKind::corrupt,
              [&] { read_training_set("laion-llm", folder.path(), false); }),
      EndsWith("laion_llm_info.json: entry 0: the key is not a whole number"));
}

TEST(Lists, ThatAreNotThereAreNotFound) {
  const TemporaryFolder folder;
  for (const auto& row : training_sets())
    EXPECT_THAT(
        refusal(ErrorKind::not_found,
                [&] { read_training_set(row.name, folder.path(), false); }),
        HasSubstr(folder.path().string()));
}

TEST(Sketchy, NamesTheLineThatHasNotThreeWords) {
  const TemporaryFolder folder;
  const auto file = folder / "zeroshot1/training_sketchy.txt";
  for (const auto* line : {"cat a.png", "cat a.png b c.jpg"}) {
    write_text(file, "cat a.png b.jpg\n\n" + std::string(line) + "\n");
    EXPECT_THAT(
        refusal(ErrorKind::corrupt,
                [&] { read_training_set("sketchy", folder.path(), false); }),
        HasSubstr("training_sketchy.txt: line 3: expected three words"));
  }
}

TEST(JsonLines, NameTheLineThatIsDamaged) {
  const TemporaryFolder folder;
  const std::string sound = R"({"reference": "a", "text": "", "target": "b"})"
                            "\n\n";
  const auto third = [&](std::string_view line) {
    write_text(folder / "mine.jsonl", sound + std::string(line));
    return refusal(ErrorKind::corrupt,
                   [&] { read_triplets(folder / "mine.jsonl"); });
  };
  EXPECT_THAT(third("{"), HasSubstr("mine.jsonl: line 3: not JSON at byte"));
  EXPECT_THAT(third("[]"), EndsWith("line 3: expected an object"));
  EXPECT_THAT(third(R"({"reference": "a", "target": "b"})"),
              EndsWith("line 3: 'text' is missing"));
  EXPECT_THAT(third(R"({"reference": "", "text": "", "target": "b"})"),
              EndsWith("line 3: 'reference' is not a path"));
  EXPECT_THAT(third(R"({"reference": "a", "text": "", "target": "b\u0000"})"),
              EndsWith("line 3: 'target' is not a path"));
  EXPECT_THAT(third(std::string(1'000'000, '[')),
              EndsWith("line 3: JSON nests deeper than 100"));
}

TEST(LascoValidation, RefusesTargetsThatAreNotInTheCorpus) {
  const TemporaryFolder folder;
  write_text(folder / "lasco_val_corpus.json", R"([{"id": 1}])");
  write_text(folder / "val_llavasco.json",
             R"([{"reference_image_id": 1, "target_image_id": 2,)"
             R"( "relative_caption": "", "llava_target_caption": ""}])");
  EXPECT_THAT(refusal(ErrorKind::corrupt,
                      [&] { read_lasco_validation(folder.path()); }),
              EndsWith("val_llavasco.json: entry 0: target 2 is not in "
                       "lasco_val_corpus.json"));
}

}  // namespace
}  // namespace igrot

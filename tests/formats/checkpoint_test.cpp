#include "formats/checkpoint.h"

#include <gmock/gmock.h>

#include "formats/torchscript.h"
#include "tests/formats/sample_files.h"
#include "tests/temporary_folder.h"

namespace igrot {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string refusal(const std::string& content) {
  const TemporaryFolder folder;
  write_file(folder / "x", content);
  try {
    Checkpoint::open(folder / "x");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::string refusal_of_pickle(const std::string& pickle) {
  const TemporaryFolder folder;
  write_checkpoint(folder / "x", pickle);
  try {
    Checkpoint::open(folder / "x");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::string header(const std::string& json) {
  return little(std::uint64_t{json.size()}) + json;
}

TEST(Checkpoint, FindsTensorsByName) {
  const TemporaryFolder folder;
  write_file(folder / "x",
             header(R"({"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                    R"("a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})") +
                 "xyz");
  const auto checkpoint = Checkpoint::open(folder / "x");
  EXPECT_EQ(checkpoint.tensors()[0].name, "b");
  ASSERT_NE(checkpoint.find("a"), nullptr);
  EXPECT_EQ(as_text(checkpoint.find("a")->bytes()), "yz");
  EXPECT_EQ(checkpoint.find("c"), nullptr);
  EXPECT_EQ(checkpoint.find(""), nullptr);
}

TEST(Checkpoint, NamesTheMissingFile) {
  try {
    Checkpoint::open("/nowhere/x.pt");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::not_found);
    EXPECT_THAT(error.what(), HasSubstr("/nowhere/x.pt"));
  }
}

TEST(Checkpoint, SaysWhatElseAFileIs) {
  EXPECT_THAT(refusal("<html>"), HasSubstr("an HTML page"));
  EXPECT_THAT(refusal("\x1f\x8b\x08"), HasSubstr("a gzip file"));
  EXPECT_THAT(refusal("hello, world"), HasSubstr("starts with 'hello, w'"));
}

TEST(Checkpoint, TellsASafetensorsHeaderFromAPickle) {
  // 640 is 0x280: the file starts as a pickle of protocol 2 does.
  std::string json = "{}";
  json.resize(0x280, ' ');
  EXPECT_EQ(refusal(header(json)), "");
}

TEST(Checkpoint, RefusesEqualNamesFromDifferentPaths) {
  EXPECT_THAT(refusal_of_pickle("}(" + pickled("a/b") + pickled_view({1}, {1}) +
                                pickled("a") + '}' + pickled("b") +
                                pickled_view({1}, {1}) + "su."),
              HasSubstr("two tensors are named 'a/b'"));
  EXPECT_THAT(refusal_of_pickle("}(" + pickled("7") + pickled_view({1}, {1}) +
                                "K\7]u."),
              HasSubstr("the key '7' comes twice"));
}

TEST(Checkpoint, RefusesObjectsWithoutTensors) {
  EXPECT_EQ(refusal_of_pickle("}."), "");
  EXPECT_THAT(refusal_of_pickle("]."), HasSubstr("no tensors"));
  EXPECT_THAT(refusal_of_pickle("K\1."), HasSubstr("no tensors"));
  EXPECT_THAT(refusal_of_pickle('}' + pickled("a") + "}s."),
              HasSubstr("no tensors"));
}

TEST(Checkpoint, RefusesLeavesAndKeysWithoutAName) {
  EXPECT_THAT(
      refusal_of_pickle('}' + pickled("a") + "ctorch\nFloatStorage\ns."),
      HasSubstr("'a' is a global"));
  EXPECT_THAT(
      refusal_of_pickle('}' + std::string("N") + pickled_view({1}, {1}) + "s."),
      HasSubstr("has None as a key"));
}

TEST(Safetensors, RefusesWhatItsParserWouldLetPass) {
  EXPECT_THAT(refusal(header(std::string("{}\0{", 4))), HasSubstr("NUL"));
  EXPECT_THAT(refusal(header("\xEF\xBB\xBF{}")), HasSubstr("brace"));
  EXPECT_THAT(refusal(header(R"({"__metadata__":{"a":"","a":""}})")),
              HasSubstr("'a' comes twice"));
  EXPECT_THAT(refusal(header(R"({"__metadata__":{},"__metadata__":{}})")),
              HasSubstr("'__metadata__' comes twice"));
}

TEST(Safetensors, RefusesWhatIsNoPartOfAHeader) {
  const auto tensor = [](const std::string& fields) {
    return refusal(header("{\"w\":{" + fields + "}}"));
  };
  const std::string good = R"("dtype":"U8","shape":[0],"data_offsets":[0,0])";
  EXPECT_EQ(tensor(good), "");
  EXPECT_THAT(tensor(good + R"(,"x":1)"), HasSubstr("has a field 'x'"));
  EXPECT_THAT(tensor(R"("dtype":{"a":1})"), HasSubstr("an object"));
  EXPECT_THAT(tensor(R"("shape":[[0]])"), HasSubstr("an array"));
  EXPECT_THAT(tensor(R"("shape":null)"), HasSubstr("null"));
  EXPECT_THAT(tensor(R"("shape":[18446744073709551616])"),
              HasSubstr("no integer of 64 bits"));
  EXPECT_THAT(refusal(header("[]")), HasSubstr("brace"));
  EXPECT_THAT(refusal(header(R"({"w":[]})")), HasSubstr("an array"));
}

TEST(Safetensors, RefusesHolesAndRests) {
  const std::string entry = R"({"dtype":"U8","shape":[1],"data_offsets":)";
  EXPECT_THAT(
      refusal(header("{\"a\":" + entry + "[0,1]},\"b\":" + entry + "[2,3]}}") +
              "xyz"),
      HasSubstr("'b' starts at byte 2, expected 1"));
  EXPECT_THAT(refusal(header("{\"a\":" + entry + "[0,1]}}") + "xy"),
              HasSubstr("end at byte 1 of 2"));
}

TEST(TorchScript, ReadsTheNamesOfTheStateFromTheSource) {
  const auto classes = find_state_names(R"(class A(Module):
  __parameters__ = ["weight", "bias", ]
  __buffers__ = ["mean", ]
  weight : Tensor
class Old(Module):
  __parameters__ = ["weight", ]
class B(Module):
  __parameters__ = []
  __buffers__ = []
)");
  ASSERT_EQ(classes.size(), 2U);
  EXPECT_THAT(classes.at("A"), ElementsAre("bias", "mean", "weight"));
  EXPECT_THAT(classes.at("B"), ElementsAre());
}

TEST(TorchScript, TakesEveryTensorWhereTheSourceIsMissing) {
  const TemporaryFolder folder;
  write_archive(folder / "x",
                {{"a/data.pkl", "c__torch__\nC\n)\x81}(" + pickled("w") +
                                    pickled_view({6}, {1}) + pickled("child") +
                                    "c__torch__\nC\n)\x81}" + pickled("v") +
                                    pickled_view({2}, {1}) + "sbub."},
                 {"a/data/0", std::string(24, '\0')},
                 {"a/constants.pkl", ")."}});
  const auto checkpoint = Checkpoint::open(folder / "x");
  EXPECT_EQ(checkpoint.container(), Container::torchscript);
  EXPECT_NE(checkpoint.find("w"), nullptr);
  EXPECT_NE(checkpoint.find("child.v"), nullptr);
}

/// A file of the old format: the magic number and what follows.
std::string legacy(const std::string& protocol, const std::string& system,
                   const std::string& object, const std::string& keys,
                   const std::string& blocks) {
  return "\x80\x02\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19." +
         protocol + system + object + keys + blocks;
}

TEST(TorchLegacy, ChecksWhatStandsAroundTheObject) {
  const std::string protocol = "M\xe9\3.";
  const std::string system = '}' + pickled("little_endian") + "\x88s.";
  const std::string object = pickled_view({6}, {1}) + '.';
  const std::string keys = ']' + pickled("0") + "a.";
  const std::string block = little(std::int64_t{6}) + std::string(24, '\0');
  EXPECT_EQ(refusal(legacy(protocol, system, object, keys, block)), "");
  EXPECT_THAT(refusal(legacy("M\xea\3.", system, object, keys, block)),
              HasSubstr("protocol is 1002"));
  EXPECT_THAT(
      refusal(legacy(protocol, '}' + pickled("little_endian") + "\x89s.",
                     object, keys, block)),
      HasSubstr("not little endian"));
  EXPECT_THAT(refusal(legacy(protocol, system, object, "].", "")),
              HasSubstr("storage '0' is missing"));
  EXPECT_THAT(
      refusal(legacy(protocol, system, object,
                     "](" + pickled("0") + pickled("0") + "e.", block + block)),
      HasSubstr("it comes twice"));
  EXPECT_THAT(refusal(legacy(protocol, system, object, keys, block + "x")),
              HasSubstr("1 bytes follow"));
  EXPECT_THAT(
      refusal(legacy(protocol, system, object, keys, block.substr(0, 30))),
      HasSubstr("its block"));
}

}  // namespace
}  // namespace igrot

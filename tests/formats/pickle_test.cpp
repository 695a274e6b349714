#include "formats/pickle.h"

#include <gmock/gmock.h>

#include "tests/formats/sample_files.h"

namespace igrot::pickle {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Keeps the pickle that the texts of the tree lie in.
class Read {
 public:
  explicit Read(std::string pickle, Dialect dialect = Dialect::state_dict)
      : pickle_(std::move(pickle)), tree_(read(as_bytes(pickle_), dialect)) {}

  template <class Kind>
  const Kind& root() const {
    return std::get<Kind>(tree_[tree_.root]);
  }
  const Tree& tree() const { return tree_; }

 private:
  std::string pickle_;
  Tree tree_;
};

std::string refusal(const std::string& pickle,
                    Dialect dialect = Dialect::state_dict) {
  try {
    Read(pickle, dialect);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Pickle, ReadsIntegersOfEverySize) {
  const auto integer = [](const std::string& opcode) {
    return Read(opcode + '.').root<std::int64_t>();
  };
  EXPECT_EQ(integer("K\xff"), 255);
  EXPECT_EQ(integer("M\xff\xff"), 65535);
  EXPECT_EQ(integer("J\xfe\xff\xff\xff"), -2);
  EXPECT_EQ(integer(std::string("\x8a\0", 2)), 0);
  EXPECT_EQ(integer("\x8a\x01\xff"), -1);
  EXPECT_EQ(integer(std::string("\x8a\x02\xff\0", 4)), 255);
  EXPECT_EQ(Read("\x8a\x09\x01\x02\x03\x04\x05\x06\x07\x08\x09.")
                .root<BigInteger>()
                .digits.size(),
            9U);
}

TEST(Pickle, ReadsFloatsAndTexts) {
  EXPECT_EQ(Read(std::string("G\x3f\xf8\0\0\0\0\0\0.", 10)).root<double>(),
            1.5);
  EXPECT_EQ(Read(pickled("wört") + '.').root<Text>().utf8, "wört");
  EXPECT_EQ(Read("\x8c\x02hi.").root<Text>().utf8, "hi");
}

TEST(Pickle, BuildsContainersFromTheStack) {
  EXPECT_EQ(Read("(K\1K\2K\3t.").root<Tuple>().items.size(), 3U);
  EXPECT_EQ(Read("K\1K\2\x86.").root<Tuple>().items.size(), 2U);
  EXPECT_EQ(Read("](K\1K\2eK\3a.").root<List>().items.size(), 3U);
  EXPECT_EQ(Read("}(K\1K\2K\3K\4uK\5K\6s.").root<Dict>().entries.size(), 3U);
}

TEST(Pickle, SharesWhatIsFetchedFromTheMemo) {
  const Read read("]q\1(h\1j" + little(std::uint32_t{1}) + "e.");
  const auto root = read.tree().root;
  EXPECT_THAT(read.root<List>().items, ElementsAre(root, root));
  // MEMOIZE counts from what is remembered already.
  EXPECT_EQ(Read("K\7\x94K\x8\x94]h\1a.").root<List>().items.size(), 1U);
}

TEST(Pickle, EndsAtItsStop) {
  EXPECT_EQ(Read("K\1.cos\nsystem\n").tree().size_bytes, 3U);
}

TEST(Pickle, ReadsAViewOfAStorage) {
  const Read read(pickled_view({2, 2}, {1, 2}, 1) + '.');
  const auto& view = read.root<TensorView>();
  const auto& storage = std::get<StorageId>(read.tree()[view.storage]);
  EXPECT_EQ(storage.key, "0");
  EXPECT_EQ(storage.size, 6U);
  EXPECT_EQ(storage.dtype, DType::f32);
  EXPECT_EQ(view.offset, 1U);
}

TEST(Pickle, TakesNothingFromWhatADictIsBuiltWith) {
  EXPECT_TRUE(
      Read("ccollections\nOrderedDict\n)R}" + pickled("_metadata") + "}sb.")
          .root<Dict>()
          .entries.empty());
}

TEST(Pickle, NamesTheGlobalItRefuses) {
  EXPECT_EQ(refusal("cos\nsystem\n."),
            "pickle, byte 0: the global 'os.system' is not allowed");
  EXPECT_THAT(refusal("N0" + pickled("os") + "."), HasSubstr("POP"));
  EXPECT_THAT(refusal(pickled("nt") + pickled("system") + "\x93."),
              HasSubstr("'nt.system'"));
  EXPECT_THAT(refusal("ctorch._utils._rebuild_tensor_v2\nx\n."),
              HasSubstr("not allowed"));
  EXPECT_THAT(refusal("ctorch\n_utils._rebuild_tensor_v2\n."),
              HasSubstr("not allowed"));
}

TEST(Pickle, RefusesNamesThatPythonCannotRead) {
  EXPECT_THAT(refusal("c__torch__\nC\xff\n.", Dialect::torchscript),
              HasSubstr("not UTF-8"));
  EXPECT_EQ(refusal("c__torch__\nÖ\n.", Dialect::torchscript), "");
}

TEST(Pickle, AllowsModulesInTorchScriptOnly) {
  const std::string module =
      "c__torch__.nn\nLinear\n)\x81}" + pickled("x") + "Nsb.";
  EXPECT_THAT(refusal(module), HasSubstr("'__torch__.nn.Linear'"));
  const Read read(module, Dialect::torchscript);
  EXPECT_TRUE(read.root<Object>().built);
  EXPECT_THAT(refusal("c__torch__x\nC\n.", Dialect::torchscript),
              HasSubstr("not allowed"));
}

TEST(Pickle, AllowsNoneOfTheOpcodesThatCallOrImport) {
  for (const auto* opcode : {"i", "o", "\x82", "\x83", "\x84", "\x92", "P"})
    EXPECT_THAT(refusal(opcode), HasSubstr("is not allowed")) << opcode;
  EXPECT_THAT(refusal("\xff"), HasSubstr("0xff is no opcode"));
}

TEST(Pickle, RefusesCallsWithOtherArguments) {
  EXPECT_THAT(refusal("ccollections\nOrderedDict\n](K\1e\x85R."),
              HasSubstr("OrderedDict with 1 arguments"));
  EXPECT_THAT(refusal("ctorch\nFloatStorage\n)R."),
              HasSubstr("torch.FloatStorage called"));
  EXPECT_THAT(refusal("]" + std::string(")R.")),
              HasSubstr("what is called is a list, expected a global"));
  EXPECT_THAT(refusal("ctorch._utils\n_rebuild_parameter\n(N\x88}tR."),
              HasSubstr("the data of a parameter is None"));
  EXPECT_THAT(refusal("ccollections\nOrderedDict\nN\x81."),
              HasSubstr("the arguments of a class is None"));
}

TEST(Pickle, RefusesToReachBelowAMark) {
  EXPECT_THAT(refusal("](a."), HasSubstr("a value is missing"));
  EXPECT_THAT(refusal("N(\x85."), HasSubstr("a value is missing"));
  EXPECT_THAT(refusal("Nt."), HasSubstr("a MARK is missing"));
  EXPECT_THAT(refusal("}(Nu."), HasSubstr("a key without a value"));
}

}  // namespace
}  // namespace igrot::pickle

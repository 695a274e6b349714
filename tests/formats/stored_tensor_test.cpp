#include "formats/stored_tensor.h"

#include <gmock/gmock.h>

#include "formats/checkpoint.h"
#include "tests/formats/sample_files.h"
#include "tests/temporary_folder.h"

namespace igrot {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A file with a view of the six floats 0 to 5 under "w".
Checkpoint view(const std::vector<std::uint32_t>& sizes,
                const std::vector<std::uint32_t>& strides,
                std::uint32_t offset = 0) {
  const TemporaryFolder folder;
  write_checkpoint(
      folder / "x",
      '}' + pickled("w") + pickled_view(sizes, strides, offset) + "s.");
  return Checkpoint::open(folder / "x");
}

Tensor read(const std::vector<std::uint32_t>& sizes,
            const std::vector<std::uint32_t>& strides,
            std::uint32_t offset = 0) {
  return view(sizes, strides, offset).tensors().at(0).tensor.to_tensor();
}

std::string refusal(const std::vector<std::uint32_t>& sizes,
                    const std::vector<std::uint32_t>& strides,
                    std::uint32_t offset = 0) {
  try {
    view(sizes, strides, offset);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(StoredTensor, GathersStridedViews) {
  EXPECT_THAT(read({3, 2}, {1, 3}).values(), ElementsAre(0, 3, 1, 4, 2, 5));
  EXPECT_THAT(read({2, 3}, {0, 2}).values(), ElementsAre(0, 2, 4, 0, 2, 4));
  EXPECT_THAT(read({2, 1, 2}, {3, 9, 1}, 1).values(), ElementsAre(1, 2, 4, 5));
  EXPECT_THAT(read({}, {}, 4).values(), ElementsAre(4));
  EXPECT_THAT(read({2, 2, 2}, {0, 1, 2}).values(),
              ElementsAre(0, 2, 1, 3, 0, 2, 1, 3));
}

TEST(StoredTensor, ViewsTheFileWhereElementsLieInOrder) {
  const auto is_view = [](const Checkpoint& checkpoint) {
    const auto& tensor = checkpoint.tensors().at(0).tensor;
    return tensor.bytes().get().data() == tensor.bytes().get().data();
  };
  EXPECT_TRUE(is_view(view({2, 2}, {2, 1}, 1)));
  EXPECT_TRUE(is_view(view({1, 2, 2}, {77, 2, 1})));
  EXPECT_FALSE(is_view(view({2}, {2})));
}

TEST(StoredTensor, OutlivesItsCheckpoint) {
  std::vector<StoredTensor> tensors;
  tensors.push_back(view({6}, {1}).tensors().at(0).tensor);
  const auto bytes = tensors[0].bytes();
  tensors.clear();
  EXPECT_EQ(load_little<float>(bytes.get().subspan(20)), 5.0F);
}

TEST(StoredTensor, MayBeEmptyAnywhere) {
  EXPECT_EQ(read({0}, {1}).size(), 0U);
  EXPECT_EQ(read({2, 0, 3}, {3, 3, 1}, 100).shape(), Shape({2, 0, 3}));
}

TEST(StoredTensor, RefusesToReachBeyondItsStorage) {
  EXPECT_EQ(refusal({6}, {1}), "");
  EXPECT_THAT(refusal({7}, {1}), HasSubstr("element 7 of a storage of 6"));
  EXPECT_THAT(refusal({6}, {1}, 1), HasSubstr("element 7 of a storage of 6"));
  EXPECT_THAT(refusal({2, 2}, {4, 2}), HasSubstr("element 7"));
  EXPECT_THAT(refusal({2}, {0x7FFFFFFF}), HasSubstr("element 2147483648"));
  EXPECT_THAT(refusal({}, {}, 6), HasSubstr("element 7"));
}

TEST(StoredTensor, RefusesSizesThatOverflow) {
  constexpr std::uint32_t large = 0x7FFFFFFF;
  EXPECT_THAT(refusal({large, large, large}, {0, 0, 0}), HasSubstr("overflow"));
  EXPECT_THAT(refusal({large, large, large, 0}, {0, 0, 0, 0}),
              HasSubstr("overflow"));
  EXPECT_THAT(refusal({large, large}, {large, large}), HasSubstr("x: tensor"));
}

TEST(StoredTensor, RefusesMoreDimensionsThanPyTorchHas) {
  const std::vector<std::uint32_t> ones(64, 1);
  EXPECT_EQ(refusal(ones, ones), "");
  const std::vector<std::uint32_t> more(65, 1);
  EXPECT_THAT(refusal(more, more), HasSubstr("65 dimensions"));
}

}  // namespace
}  // namespace igrot

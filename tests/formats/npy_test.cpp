#include "formats/npy.h"

#include <gmock/gmock.h>

#include "formats/checkpoint.h"
#include "tests/formats/sample_files.h"
#include "tests/temporary_folder.h"

namespace igrot {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A file of version 1 with that header.
std::string npy(std::string header, std::string_view elements) {
  header += '\n';
  return "\x93NUMPY\1" + std::string(1, '\0') +
         little(static_cast<std::uint16_t>(header.size())) + header +
         std::string(elements);
}

StoredTensor read(const std::string& content) {
  const TemporaryFolder folder;
  write_file(folder / "x", content);
  return read_npy(folder / "x");
}

std::string refusal(const std::string& content) {
  try {
    read(content);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Npy, ReadsWhatNumpyWrites) {
  const auto tensor =
      read(npy("{'descr': '<i2', 'fortran_order': False, 'shape': (2, 2), }",
               {"\1\0\2\0\3\0\xff\xff", 8}));
  EXPECT_EQ(tensor.dtype(), DType::i16);
  EXPECT_EQ(tensor.shape(), Shape({2, 2}));
  EXPECT_THAT(tensor.to_tensor().values(), ElementsAre(1, 2, 3, -1));
}

TEST(Npy, ReadsColumnMajorArrays) {
  const auto tensor =
      read(npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }",
               "\1\2\3\4\5\6"));
  EXPECT_THAT(tensor.to_tensor().values(), ElementsAre(1, 3, 5, 2, 4, 6));
}

TEST(Npy, ReadsNumbersWithoutDimensionsAndEmptyArrays) {
  EXPECT_THAT(
      read(npy("{'descr': '|i1', 'fortran_order': False, 'shape': ()}", "\7"))
          .to_tensor()
          .values(),
      ElementsAre(7));
  EXPECT_EQ(
      read(npy("{'descr':\"<f8\",'shape':(0,3L),'fortran_order':False}", ""))
          .shape(),
      Shape({0, 3}));
}

TEST(Npy, RefusesHeadersThatAreNotOne) {
  const auto header = [](const char* text) {
    return refusal(npy(text, "1234"));
  };
  EXPECT_THAT(header("{'descr': '>f4', 'fortran_order': False, 'shape': (1,)}"),
              HasSubstr("element type '>f4'"));
  EXPECT_THAT(header("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}"),
              HasSubstr("element type '|O'"));
  EXPECT_THAT(header("{'descr': [('a', '<f4')], 'fortran_order': False, "
                     "'shape': (1,)}"),
              HasSubstr("records"));
  EXPECT_THAT(header("{'descr': '<f4', 'fortran_order': False, 'shape': (1)}"),
              HasSubstr("no tuple"));
  EXPECT_THAT(
      header("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}"),
      HasSubstr("no extent"));
  EXPECT_THAT(header("{'descr': '<f4', 'fortran_order': False}"),
              HasSubstr("is missing"));
  EXPECT_THAT(header("{'descr': '<f4', 'descr': '<f4', 'fortran_order': "
                     "False, 'shape': (1,)}"),
              HasSubstr("'descr' does not belong"));
  EXPECT_THAT(
      header("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x"),
      HasSubstr("after its end"));
  EXPECT_THAT(header("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}"),
              HasSubstr("expected False"));
}

TEST(Npy, RefusesOtherSizesThanTheHeaderSays) {
  const auto shape = [](const std::string& text) {
    return refusal(
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': " + text + "}",
            "1234"));
  };
  EXPECT_EQ(shape("(1,)"), "");
  EXPECT_THAT(shape("(2,)"), HasSubstr("4 bytes of elements, expected 8"));
  EXPECT_THAT(shape("(0,)"), HasSubstr("expected 0"));
  EXPECT_THAT(shape("(4294967296, 4294967296)"), HasSubstr("overflows"));
  EXPECT_THAT(shape("(99999999999999999999,)"), HasSubstr("no extent"));
}

TEST(Npy, IsReadBackAsItWasWritten) {
  const TemporaryFolder folder;
  const std::vector<float> values{0, 1.5F, -2, 3, 4, 5};
  write_npy(folder / "a", Tensor({2, 3}, values));
  EXPECT_EQ(read_npy_f32(folder / "a").shape(), Shape({2, 3}));
  EXPECT_THAT(read_npy_f32(folder / "a").values(),
              testing::ElementsAreArray(values));
  const auto checkpoint = Checkpoint::open(folder / "a");
  EXPECT_EQ(checkpoint.container(), Container::npy);
  EXPECT_EQ(checkpoint.tensors().at(0).name, "");
}

TEST(Npy, IsWrittenAsNumpyWritesIt) {
  const TemporaryFolder folder;
  const std::vector<std::int32_t> values{7};
  write_npy(folder / "a", DType::i32, {1}, std::as_bytes(std::span(values)));
  const auto file = MappedFile::open(folder / "a");
  const auto text = as_text(file.bytes());
  EXPECT_THAT(text, testing::StartsWith(std::string_view(
                        "\x93NUMPY\1\0v\0{'descr': '<i4', 'fortran_order': "
                        "False, 'shape': (1, ), } ",
                        60)));
  EXPECT_EQ(text.size(), 128U + 4U);
  EXPECT_EQ(text[127], '\n');
}

TEST(Npy, RefusesToWriteWhatItCannotSay) {
  const TemporaryFolder folder;
  EXPECT_THROW(write_npy(folder / "a", DType::bf16, {0}, {}), Error);
  EXPECT_THROW(write_npy(folder / "a", DType::f32, {1}, {}), Error);
  EXPECT_EQ(folder.entry_count(), 0U);
}

TEST(NpyWriter, CountsTheRowsItWasGiven) {
  const TemporaryFolder folder;
  {
    NpyWriter writer(folder / "a", DType::f16, {2});
    const std::vector<float> rows{1, 2, 3, 4};
    writer.append(rows);
    writer.append(std::span(rows).first(2));
    EXPECT_EQ(writer.rows(), 3U);
    EXPECT_FALSE(std::filesystem::exists(folder / "a"));
    writer.commit();
  }
  const auto tensor = read_npy(folder / "a");
  EXPECT_EQ(tensor.dtype(), DType::f16);
  EXPECT_EQ(tensor.shape(), Shape({3, 2}));
  EXPECT_THAT(tensor.to_tensor().values(), ElementsAre(1, 2, 3, 4, 1, 2));
}

TEST(NpyWriter, WritesAnArrayWithoutRows) {
  const TemporaryFolder folder;
  NpyWriter writer(folder / "a", DType::f32, {512});
  writer.commit();
  EXPECT_EQ(read_npy(folder / "a").shape(), Shape({0, 512}));
}

TEST(NpyWriter, LeavesNothingBehindWithoutCommit) {
  const TemporaryFolder folder;
  {
    NpyWriter(folder / "a", DType::f32, {})
        .append(std::as_bytes(std::span("abc")));
  }
  EXPECT_EQ(folder.entry_count(), 0U);
}

TEST(NpyWriter, RefusesPartsOfRows) {
  const TemporaryFolder folder;
  NpyWriter writer(folder / "a", DType::f32, {2});
  const std::vector<float> odd(3);
  EXPECT_THROW(writer.append(odd), Error);
  NpyWriter integers(folder / "b", DType::i32, {2});
  EXPECT_THROW(integers.append(std::span(odd).first(2)), Error);
}

}  // namespace
}  // namespace igrot

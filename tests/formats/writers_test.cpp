#include "formats/writers.h"

#include <gmock/gmock.h>

#include "formats/checkpoint.h"
#include "formats/zip.h"
#include "tests/formats/sample_files.h"
#include "tests/temporary_folder.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// Tensors of every kind a writer meets; `data` must outlive them.
std::vector<TensorToWrite> samples(Bytes data) {
  return {{"mask", DType::boolean, {3}, data.first(3)},
          {"lin.weight", DType::f32, {2, 3}, data.first(24)},
          {"half", DType::f16, {2, 1}, data.first(4)},
          {"steps", DType::i64, {}, data.first(8)},
          {"empty", DType::f32, {2, 0, 3}, {}},
          {"größe \"x\"", DType::bf16, {1}, data.first(2)}};
}

struct Bytes24 {
  std::string text = std::string("\1\0\1", 3) + "aBcDeFgHiJkLmNoPqRsTu";
  Bytes get() const { return as_bytes(text); }
};

void expect_samples(const Checkpoint& checkpoint, const std::string& prefix,
                    std::span<const TensorToWrite> expected) {
  ASSERT_EQ(checkpoint.tensors().size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto& [name, tensor] = checkpoint.tensors()[i];
    EXPECT_EQ(name, prefix + expected[i].name);
    EXPECT_EQ(tensor.dtype(), expected[i].dtype);
    EXPECT_EQ(tensor.shape(), expected[i].shape);
    EXPECT_EQ(as_text(tensor.bytes()), as_text(expected[i].bytes));
  }
}

std::string content(const fs::path& path) {
  return std::string(as_text(MappedFile::open(path).bytes()));
}

TEST(SafetensorsWriter, IsReadBack) {
  const TemporaryFolder folder;
  const Bytes24 data;
  const std::map<std::string, std::string> metadata{{"format", "pt"}};
  write_safetensors(folder / "a", samples(data.get()), metadata);
  const auto checkpoint = Checkpoint::open(folder / "a");
  EXPECT_EQ(checkpoint.container(), Container::safetensors);
  EXPECT_EQ(checkpoint.metadata(), metadata);
  expect_samples(checkpoint, "", samples(data.get()));
}

TEST(SafetensorsWriter, AlignsEveryTensor) {
  const TemporaryFolder folder;
  const Bytes24 data;
  write_safetensors(folder / "a", samples(data.get()));
  const auto checkpoint = Checkpoint::open(folder / "a");
  for (const auto& [name, tensor] : checkpoint.tensors()) {
    const auto bytes = tensor.bytes();
    const auto address = reinterpret_cast<std::uintptr_t>(bytes.get().data());
    EXPECT_EQ(address % size_bytes(tensor.dtype()), 0U) << name;
  }
}

TEST(SafetensorsWriter, WritesAFileWithoutTensors) {
  const TemporaryFolder folder;
  write_safetensors(folder / "a", {});
  EXPECT_EQ(content(folder / "a"), little(std::uint64_t{8}) + "{}      ");
  EXPECT_TRUE(Checkpoint::open(folder / "a").tensors().empty());
}

TEST(TorchZipWriter, IsReadBack) {
  const TemporaryFolder folder;
  const Bytes24 data;
  write_torch_zip(folder / "a", samples(data.get()));
  const auto checkpoint = Checkpoint::open(folder / "a");
  EXPECT_EQ(checkpoint.container(), Container::torch_zip);
  expect_samples(checkpoint, "", samples(data.get()));
}

TEST(TorchZipWriter, PutsTheStateDictUnderAKey) {
  const TemporaryFolder folder;
  const Bytes24 data;
  write_torch_zip(folder / "a", samples(data.get()), "model");
  expect_samples(Checkpoint::open(folder / "a"), "model/", samples(data.get()));
}

TEST(TorchZipWriter, AlignsEveryStorageTo64Bytes) {
  const TemporaryFolder folder;
  const Bytes24 data;
  write_torch_zip(folder / "a", samples(data.get()));
  const auto file = MappedFile::open(folder / "a");
  const ZipArchive archive(file.bytes());
  EXPECT_EQ(archive.records().size(), samples(data.get()).size() + 3);
  for (const auto& record : archive.records())
    EXPECT_EQ((record.bytes.data() - file.bytes().data()) % 64, 0)
        << record.name;
}

TEST(Writers, GiveEqualBytesForEqualInput) {
  const TemporaryFolder folder;
  const Bytes24 data;
  for (const auto* name : {"a", "b"})
    write_torch_zip(folder / name, samples(data.get()));
  EXPECT_EQ(content(folder / "a"), content(folder / "b"));
  for (const auto* name : {"a", "b"})
    write_safetensors(folder / name, samples(data.get()));
  EXPECT_EQ(content(folder / "a"), content(folder / "b"));
}

std::string refusal(const TensorToWrite& tensor, std::size_t copies = 1) {
  const TemporaryFolder folder;
  const std::vector<TensorToWrite> tensors(copies, tensor);
  std::string messages;
  for (const auto write :
       {+[](const fs::path&path, std::span<const TensorToWrite> all) {
          write_safetensors(path, all);
        },
        +[](const fs::path&path, std::span<const TensorToWrite> all) {
          write_torch_zip(path, all);
        }}) {
    try {
      write(folder / "a", tensors);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      messages += error.what();
    }
    EXPECT_EQ(folder.entry_count(), messages.empty() ? 1U : 0U);
  }
  return messages;
}

TEST(Writers, RefuseWhatNoReaderWouldTake) {
  EXPECT_THAT(refusal({"a", DType::f32, {2}, {}}), HasSubstr("expected 8"));
  EXPECT_THAT(refusal({"a", DType::f32, {0}, {}}, 2),
              HasSubstr("two tensors are named 'a'"));
  EXPECT_THAT(refusal({"\xff", DType::f32, {0}, {}}), HasSubstr("UTF-8"));
}

TEST(Writers, NameWhatOneFormatCannotHold) {
  const TemporaryFolder folder;
  const std::vector<TensorToWrite> wide{{"a", DType::u32, {0}, {}}};
  EXPECT_THROW(write_torch_zip(folder / "a", wide), Error);
  const std::vector<TensorToWrite> reserved{
      {"__metadata__", DType::f32, {0}, {}}};
  EXPECT_THROW(write_safetensors(folder / "a", reserved), Error);
  EXPECT_EQ(folder.entry_count(), 0U);
}

}  // namespace
}  // namespace igrot

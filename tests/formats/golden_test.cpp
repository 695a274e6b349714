// The reference's files: good ones with their manifests, bad ones with the
// outcome each may have.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/sha256.h"
#include "formats/checkpoint.h"

namespace igrot {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

const fs::path golden = fs::path(IGROT_TEST_GOLDEN) / "formats";

Json read_json(const fs::path& path) {
  std::ifstream file(path);
  return Json::parse(file);
}

std::vector<fs::path> manifests(const std::string& folder) {
  std::vector<fs::path> result;
  for (const auto& entry : fs::directory_iterator(golden / folder))
    if (entry.path().extension() == ".json") result.push_back(entry.path());
  std::ranges::sort(result);
  return result;
}

/// Tensors and scalars as a manifest lists them.
Json describe_contents(const Checkpoint& checkpoint) {
  Json result = {{"tensors", Json::object()}, {"scalars", Json::object()}};
  for (const auto& [name, tensor] : checkpoint.tensors())
    result["tensors"][name] = {{"dtype", describe(tensor.dtype()).name},
                               {"shape", tensor.shape()},
                               {"sha256", sha256_hex(tensor.bytes())}};
  for (const auto& [name, type, value] : checkpoint.scalars())
    result["scalars"][name] = {{"type", type}, {"value", value}};
  return result;
}

void expect_manifest(const fs::path& path) {
  SCOPED_TRACE(path.filename());
  const auto manifest = read_json(path);
  auto file = path;
  const auto checkpoint = Checkpoint::open(file.replace_extension());
  const auto contents = describe_contents(checkpoint);
  EXPECT_EQ(contents["tensors"], manifest["tensors"]);
  EXPECT_EQ(contents["scalars"], manifest.value("scalars", Json::object()));
  EXPECT_EQ(Json(checkpoint.metadata()),
            manifest.value("metadata", Json::object()));
}

TEST(GoldenFiles, TorchFilesHoldWhatTheirManifestsSay) {
  const auto paths = manifests("torch");
  ASSERT_EQ(paths.size(), 49);
  for (const auto& path : paths) expect_manifest(path);
}

TEST(GoldenFiles, SafetensorsFilesHoldWhatTheirManifestsSay) {
  const auto paths = manifests("safetensors");
  ASSERT_EQ(paths.size(), 8);
  for (const auto& path : paths) expect_manifest(path);
}

TEST(GoldenFiles, ContainersAreKnownByTheirContent) {
  const auto container = [](const char* name) {
    return describe(Checkpoint::open(golden / name).container());
  };
  EXPECT_EQ(container("torch/torch113_state_dict.pth"), "torch-zip");
  EXPECT_EQ(container("torch/torch113_legacy_nested.pth"), "torch-legacy");
  EXPECT_EQ(container("torch/torch113_torchscript.pt"), "torchscript");
  EXPECT_EQ(container("safetensors/st_unsigned.safetensors"), "safetensors");
}

/// What one row of bad.jsonl asks for.
struct BadFile {
  fs::path path;
  std::string expect;
};

std::vector<BadFile> bad_files() {
  std::vector<BadFile> result;
  std::ifstream rows(golden / "bad.jsonl");
  for (std::string line; std::getline(rows, line);) {
    const auto row = Json::parse(line);
    result.push_back({golden / row["file"], row["expect"]});
  }
  return result;
}

/// Those of the bad files that load here, with the first tensor each has.
const std::map<std::string, std::string> loading = {
    {"pkl_leftover_after_stop.pt", "w"}, {"pkl_non_string_keys.pt", "7"},
    {"pkl_nul_in_name.pt", {"a\0b", 3}}, {"ten_same_key_two_types.pt", "a"},
    {"zip_no_version.pt", "w"},          {"zip_version_999.pt", "w"},
    {"zip_version_garbage.pt", "w"},
};

void read_everything(const Checkpoint& checkpoint) {
  for (const auto& [name, tensor] : checkpoint.tensors()) tensor.bytes();
}

void expect_refusal(const fs::path& path) {
  try {
    read_everything(Checkpoint::open(path));
    ADD_FAILURE() << "loads";
  } catch (const Error& error) {
    const std::string message = error.what();
    EXPECT_TRUE(message.starts_with(path.string() + ": ")) << message;
    EXPECT_EQ(message.find(path.string(), 1), std::string::npos) << message;
  }
}

TEST(GoldenFiles, BadFilesAreRefusedByName) {
  std::size_t refused = 0;
  for (const auto& [path, expect] : bad_files()) {
    SCOPED_TRACE(path.filename());
    if (loading.contains(path.filename())) continue;
    EXPECT_TRUE(expect.starts_with("error")) << expect;
    expect_refusal(path);
    ++refused;
  }
  EXPECT_EQ(refused, 143 - loading.size());
}

TEST(GoldenFiles, OddFilesLoadRight) {
  const std::vector<float> expected{0, 1, 2, 3, 4, 5};
  for (const auto& [path, expect] : bad_files()) {
    const auto row = loading.find(path.filename());
    if (row == loading.end()) continue;
    SCOPED_TRACE(path.filename());
    EXPECT_EQ(expect, "error_or_loads");
    const auto checkpoint = Checkpoint::open(path);
    const auto* tensor = checkpoint.find(row->second);
    ASSERT_NE(tensor, nullptr);
    EXPECT_EQ(tensor->shape(), Shape({2, 3}));
    const auto values = tensor->to_tensor();
    EXPECT_TRUE(std::ranges::equal(values.values(), expected));
  }
}

}  // namespace
}  // namespace igrot

// The reference's outputs under tests/golden/models, and how near is near.
// Tolerances: that folder's README.
#pragma once

#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "formats/npy.h"
#include "models/token_batch.h"
#include "tests/temporary_folder.h"

namespace igrot::test {

namespace fs = std::filesystem;

inline fs::path golden_root() {
  return fs::path(IGROT_TEST_GOLDEN) / "models";
}

inline Tensor golden(const std::string& name) {
  return read_npy_f32(golden_root() / (name + ".npy"));
}

/// The file under `root` that `name.gz` holds; unpacked once.
class Unpacked {
 public:
  fs::path operator()(const std::string& name) {
    const auto path = folder_ / name;
    if (fs::exists(path)) return path;
    fs::create_directories(path.parent_path());
    std::ofstream out(path, std::ios::binary);
    const auto packed = (golden_root() / (name + ".gz")).string();
    gzFile in = gzopen(packed.c_str(), "rb");
    if (!in) throw std::runtime_error("cannot open " + packed);
    std::vector<char> buffer(1U << 20);
    for (int n = 0; (n = gzread(in, buffer.data(),
                                static_cast<unsigned>(buffer.size()))) > 0;)
      out.write(buffer.data(), n);
    gzclose(in);
    return path;
  }

 private:
  TemporaryFolder folder_;
};

/// Shared by the tests of one process, gone with it.
inline fs::path unpacked(const std::string& name) {
  static Unpacked files;
  return files(name);
}

/// The whole numbers of a golden [count, length].
struct GoldenIds {
  std::vector<std::int32_t> values;
  Shape shape;

  explicit GoldenIds(const std::string& name) {
    const auto stored = read_npy(golden_root() / (name + ".npy"));
    shape = stored.shape();
    values.resize(stored.size());
    const auto bytes = stored.bytes();
    std::memcpy(values.data(), bytes.get().data(), bytes.get().size());
  }
};

inline bool is_blip(const std::string& folder) {
  return folder.starts_with("blip");
}

inline TokenBatch golden_tokens(const std::string& folder) {
  const bool blip = is_blip(folder);
  const GoldenIds ids(folder + (blip ? "/input_ids" : "/token_ids"));
  TokenBatch tokens{.ids = ids.values,
                    .count = ids.shape[0],
                    .length = ids.shape[1],
                    .mask = {},
                    .global = blip ? GlobalRow::first : GlobalRow::end};
  if (blip) tokens.mask = GoldenIds(folder + "/attention_mask").values;
  return tokens;
}

inline nlohmann::json golden_manifest(const std::string& folder) {
  std::ifstream in(golden_root() / folder / "manifest.json");
  return nlohmann::json::parse(in);
}

inline std::vector<std::string> golden_texts(const std::string& folder) {
  return golden_manifest(folder).at("texts").get<std::vector<std::string>>();
}

/// Which image and which text each row of the per-pair arrays is about.
struct GoldenPairs {
  std::vector<std::size_t> images;
  std::vector<std::size_t> texts;
};

inline GoldenPairs golden_pairs(const std::string& folder) {
  const auto pairs = golden(folder + "/pairs").matrix().rows;
  const auto values = golden(folder + "/pairs");
  GoldenPairs result;
  for (std::size_t i = 0; i < pairs; ++i) {
    result.images.push_back(static_cast<std::size_t>(values.data()[2 * i]));
    result.texts.push_back(static_cast<std::size_t>(values.data()[2 * i + 1]));
  }
  return result;
}

/// Inputs of a batch, along its first dimension, in the order given.
inline Tensor pick(const Tensor& batch, std::span<const std::size_t> inputs) {
  Shape shape = batch.shape();
  const auto size = batch.size() / shape.front();
  shape.front() = inputs.size();
  Tensor out(shape);
  for (std::size_t i = 0; i < inputs.size(); ++i)
    std::ranges::copy(batch.values().subspan(inputs[i] * size, size),
                      out.data() + i * size);
  return out;
}

inline TokenBatch pick(const TokenBatch& tokens,
                       std::span<const std::size_t> texts) {
  TokenBatch out{.ids = {},
                 .count = texts.size(),
                 .length = tokens.length,
                 .mask = {},
                 .global = tokens.global};
  for (const auto text : texts)
    for (std::size_t i = 0; i < tokens.length; ++i) {
      out.ids.push_back(tokens.at(text, i));
      if (!tokens.mask.empty())
        out.mask.push_back(tokens.mask[text * tokens.length + i]);
    }
  return out;
}

inline std::vector<std::size_t> first_n(std::size_t n) {
  std::vector<std::size_t> list(n);
  for (std::size_t i = 0; i < n; ++i) list[i] = i;
  return list;
}

struct Tolerance {
  float absolute;
  float relative;
};
inline constexpr Tolerance feature_tolerance{5e-5F, 2e-5F};
inline constexpr Tolerance unit_tolerance{1e-5F, 0};
inline constexpr Tolerance logit_tolerance{1e-3F, 0};

inline testing::AssertionResult near(const Tensor& actual,
                                     const Tensor& expected,
                                     Tolerance tolerance) {
  if (actual.size() != expected.size() || actual.size() == 0)
    return testing::AssertionFailure()
           << actual.size() << " numbers, expected " << expected.size();
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const float a = actual.data()[i];
    const float b = expected.data()[i];
    const float allowed = tolerance.absolute + tolerance.relative * std::abs(b);
    if (!(std::abs(a - b) <= allowed))
      return testing::AssertionFailure()
             << "number " << i << " is " << a << ", expected " << b;
  }
  return testing::AssertionSuccess();
}

}  // namespace igrot::test

// Vectors, files and models that the gallery's tests are made of.
#pragma once

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "igrot/gallery.h"
#include "tests/temporary_folder.h"

namespace igrot {

inline GalleryModel sample_model(std::size_t width = 8) {
  return {"model-a/sum", width, "/models/a.pth", std::string(64, 'a'),
          R"({"target": "sum"})"};
}

/// A unit vector that depends on `seed` alone.
inline std::vector<float> sample_vector(unsigned seed, std::size_t width = 8) {
  std::mt19937 random(seed);
  std::vector<float> vector(width);
  double squares = 0;
  for (auto& x : vector) {
    x = static_cast<float>(random()) / 4294967296.0F - 0.5F;
    squares += static_cast<double>(x) * x;
  }
  for (auto& x : vector) x = static_cast<float>(x / std::sqrt(squares));
  return vector;
}

/// A file with made-up state; its vector must outlive it.
inline NewItem sample_item(const std::filesystem::path& path, unsigned seed,
                           std::span<const float> vector) {
  return {.file = {path, 1000 + seed, 7'000'000'000 + seed},
          .content_hash = "hash-" + std::to_string(seed),
          .vector = vector,
          .skip = {},
          .precision = "f32",
          .decoding = "exact"};
}

inline NewItem skipped_item(const std::filesystem::path& path, unsigned seed,
                            const Skip& skip) {
  auto item = sample_item(path, seed, {});
  item.skip = skip;
  return item;
}

/// Appends one file whose vector is sample_vector(seed).
inline void append_sample(Gallery& gallery, const std::filesystem::path& path,
                          unsigned seed) {
  const auto vector = sample_vector(seed, gallery.model().width);
  const auto item = sample_item(path, seed, vector);
  gallery.append({&item, 1});
}

/// The best hits for sample_vector(seed).
inline std::vector<Hit> search_sample(const Gallery& gallery, unsigned seed,
                                      std::size_t k = 20) {
  const auto width = gallery.model().width;
  const auto query = sample_vector(seed, width);
  return gallery.search({query.data(), 1, width}, {.k = k})[0];
}

inline std::vector<std::string> file_names(const std::vector<Hit>& hits) {
  std::vector<std::string> names;
  for (const auto& hit : hits) names.push_back(hit.path.filename().string());
  return names;
}

/// The Error that `body` throws; fails the test when it throws none.
template <class Body>
Error error_of(const Body& body) {
  try {
    body();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error was thrown";
  return {ErrorKind::usage, ""};
}

}  // namespace igrot

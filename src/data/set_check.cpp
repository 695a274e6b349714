#include "data/set_check.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/ahead.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

constexpr std::array published{
    PublishedCounts{"fashioniq", "val", "dress", 2017, 3817},
    PublishedCounts{"fashioniq", "val", "shirt", 2038, 6346},
    PublishedCounts{"fashioniq", "val", "toptee", 1961, 5373},
    PublishedCounts{"cirr", "val", "", 4181, 2297},
    PublishedCounts{"cirr", "test1", "", 4148, 2315},
    PublishedCounts{"circo", "val", "", 220, 123403},
    PublishedCounts{"circo", "test", "", 800, 123403},
    PublishedCounts{"llavasco", train_split, "", 5000, std::nullopt},
    PublishedCounts{"sketchy", train_split, "", 5000, std::nullopt},
};

std::optional<PictureFault> fault_of(const fs::path& file, bool decode) {
  try {
    if (decode) {
      Image::open(file);
      return std::nullopt;
    }
    std::error_code error;
    if (fs::is_regular_file(file, error)) return std::nullopt;
    return PictureFault{file, ErrorKind::not_found,
                        file.string() + ": no such file"};
  } catch (const Error& error) {
    return PictureFault{file, error.kind(), error.what()};
  }
}

}  // namespace

std::span<const PublishedCounts> published_counts() {
  return published;
}

const PublishedCounts* find_published(std::string_view source,
                                      const RetrievalSet& set) {
  const auto row = std::ranges::find_if(published, [&](const auto& each) {
    return each.source == source && each.split == set.split &&
           each.part == set.part;
  });
  return row == published.end() ? nullptr : &*row;
}

RetrievalSet set_of_triplets(const TripletSet& triplets) {
  RetrievalSet set{.part = {}, .split = std::string(train_split)};
  set.recipe = triplets.recipe;
  std::map<fs::path, std::size_t> rows;
  for (const auto& triplet : triplets.triplets) {
    const auto [target, is_new] =
        rows.emplace(triplet.target, set.gallery.size());
    if (is_new) set.gallery.push_back(triplet.target);
    set.queries.push_back({.id = {},
                           .picture = triplet.reference,
                           .words = {triplet.text},
                           .relevant = {target->second}});
  }
  return set;
}

std::vector<fs::path> pictures_of(std::span<const RetrievalSet> sets) {
  std::vector<fs::path> files;
  std::set<fs::path> seen;
  const auto add = [&](const fs::path& file) {
    if (seen.insert(file).second) files.push_back(file);
  };
  for (const auto& set : sets) {
    for (const auto& file : set.gallery) add(file);
    for (const auto& query : set.queries) add(query.picture);
  }
  return files;
}

std::vector<PictureFault> check_pictures(std::span<const fs::path> files,
                                         const PictureChecks& checks) {
  constexpr std::size_t ahead_each = 8;
  const auto threads = std::max<std::size_t>(1, checks.threads);
  Ahead<std::optional<PictureFault>> ahead(
      files.size(), threads, ahead_each * threads,
      [&](std::size_t i) { return fault_of(files[i], checks.decode); });
  std::vector<PictureFault> faults;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (auto fault = *ahead.next()) faults.push_back(*std::move(fault));
    if (checks.progress && !checks.progress(i + 1, files.size())) break;
  }
  return faults;
}

}  // namespace igrot

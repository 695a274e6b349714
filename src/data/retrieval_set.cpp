#include "data/retrieval_set.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/fail.h"
#include "data/retrieval_readers.h"

namespace igrot {
namespace {

using Splits = std::span<const std::string_view>;

constexpr std::array<std::string_view, 1> only_val{"val"};
constexpr std::array<std::string_view, 2> cirr_splits{"val", "test1"};
constexpr std::array<std::string_view, 2> circo_splits{"val", "test"};
constexpr std::array<std::string_view, 2> sketchy_splits{"val", "val21"};

constexpr std::array rows{
    RetrievalSource{"fashioniq", only_val, read_fashioniq},
    RetrievalSource{"cirr", cirr_splits, read_cirr},
    RetrievalSource{"circo", circo_splits, read_circo},
    RetrievalSource{"lasco", only_val, read_lasco},
    RetrievalSource{"dtin", only_val, read_dtin},
    RetrievalSource{"sketchy", sketchy_splits, read_sketchy_sets},
    RetrievalSource{"tuberlin", only_val, read_tuberlin},
    RetrievalSource{"quickdraw", only_val, read_quickdraw},
};

}  // namespace

std::span<const RetrievalSource> retrieval_sources() {
  return rows;
}

const RetrievalSource& find_retrieval_source(std::string_view name) {
  const auto row = std::ranges::find(rows, name, &RetrievalSource::name);
  if (row != rows.end()) return *row;
  std::vector<std::string_view> known;
  for (const auto& each : rows) known.push_back(each.name);
  fail(ErrorKind::usage, "no data set '{}'; known are {}", name,
       fmt::join(known, ", "));
}

std::vector<RetrievalSet> read_retrieval_sets(const RetrievalSource& source,
                                              const std::filesystem::path& root,
                                              std::string_view split) {
  if (std::ranges::find(source.splits, split) == source.splits.end())
    fail(ErrorKind::usage, "{} has no split '{}'; it has {}", source.name,
         split, fmt::join(source.splits, ", "));
  return source.read(std::filesystem::absolute(root), split);
}

}  // namespace igrot

// A data set of one's own with one of its files replaced: the TOML file that
// describes it, or its table. The first byte says which.
#include "data/described_set.h"

#include <array>

#include "fuzz/scratch.h"

namespace {

using namespace igrot;

constexpr std::array tables{"t.csv", "t.tsv", "t.json", "t.jsonl"};

void read(const DescribedSet& described) {
  const auto set =
      read_described_set(described, fuzz::scratch().folder() / "set");
  for (const auto& query : set.queries)
    for (const auto row : query.subset)
      if (row >= set.gallery.size()) std::abort();
}

/// Tables of questions and of a gallery, the folders of classes, all one file.
void read_table(const char* table) {
  DescribedSet composed{.file = "d.toml", .name = "d"};
  composed.queries = table;
  fuzz::expect_value_or_error([&] { read(composed); });
  composed.gallery = table;
  composed.columns.text = {"text", "more.text"};
  fuzz::expect_value_or_error([&] { read(composed); });
  DescribedSet classes{.file = "d.toml", .name = "d", .kind = SetKind::classes};
  classes.queries = table;
  classes.gallery = table;
  fuzz::expect_value_or_error([&] { read(classes); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0) return 0;
  std::filesystem::create_directories(fuzz::scratch().folder() / "set");
  const std::size_t which = data[0] % (tables.size() + 1);
  if (which == tables.size()) {
    const auto file = fuzz::scratch().write("d.toml", data + 1, size - 1);
    fuzz::expect_value_or_error([&] { read(read_description(file)); });
    return 0;
  }
  fuzz::scratch().write(std::string("set/") + tables[which], data + 1,
                        size - 1);
  read_table(tables[which]);
  return 0;
}

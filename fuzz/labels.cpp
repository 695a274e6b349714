// Any file as what `igrot metrics` reads: scores, rankings and labels. The
// first bytes say which, and of how many queries and pictures.
#include "scored_queries.h"

#include <array>

#include "formats/npy.h"
#include "fuzz/scratch.h"

namespace {

using namespace igrot;

/// Sound labels of two queries.
std::filesystem::path labels_file() {
  return fuzz::scratch().folder() / "labels.npy";
}

void read_as_labels(const std::filesystem::path& path, app::LabelKind kind,
                    const app::LabelledSize& size) {
  const auto numbers = app::read_whole_numbers(path);
  fuzz::expect_value_or_error([&] {
    const auto labels = app::read_labels(numbers, {}, size, kind);
    if (labels.right.size() != size.queries) std::abort();
  });
  fuzz::expect_value_or_error([&] { app::read_row_lists(numbers, size); });
  fuzz::expect_value_or_error(
      [&] { app::read_labels(numbers, numbers, size, kind); });
}

void score(const std::filesystem::path& path, app::LabelKind kind) {
  const app::LabelFiles files{.labels = labels_file().string(),
                              .gallery_labels = {},
                              .removed = {},
                              .subset = {},
                              .kind = kind};
  fuzz::expect_value_or_error(
      [&] { app::score_matrix(path, files, [](auto, auto) { return true; }); });
  fuzz::expect_value_or_error([&] { app::score_rankings(path, files); });
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  const std::array<float, 2> right{0, 1};
  write_npy(labels_file(), Tensor({right.size()}, right));
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size < 3) return 0;
  const auto kind = app::label_kinds[data[0] % app::label_kinds.size()].choice;
  const app::LabelledSize labelled{.queries = data[1],
                                   .gallery = data[2] == 0
                                                  ? std::optional<std::size_t>()
                                                  : data[2] - std::size_t{1}};
  const auto path = fuzz::scratch().write("array.npy", data + 3, size - 3);
  fuzz::expect_value_or_error([&] { read_as_labels(path, kind, labelled); });
  score(path, kind);
  return 0;
}

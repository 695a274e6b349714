// A gallery with one of its files replaced. The first byte says which.
#include "igrot/gallery.h"

#include <array>
#include <fstream>

#include "fuzz/scratch.h"

namespace {

using namespace igrot;

constexpr std::size_t width = 4;
constexpr std::array files{"gallery.sqlite", "vectors.bin"};

std::string content(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The files of a small sound gallery, by the order of `files`.
std::array<std::string, files.size()> make_gallery(
    const std::filesystem::path& folder) {
  {
    GalleryModel model;
    model.fingerprint = "f";
    model.width = width;
    auto gallery = Gallery::create_or_open(folder, model);
    const std::array<float, width> vector{1, 0, 0, 0};
    std::vector<NewItem> items(3);
    for (std::size_t i = 0; i < items.size(); ++i) {
      items[i].file.path = folder / (std::to_string(i) + ".png");
      items[i].vector = vector;
    }
    gallery.append(items);
  }
  std::array<std::string, files.size()> contents;
  for (std::size_t i = 0; i < files.size(); ++i)
    contents[i] = content(folder / files[i]);
  return contents;
}

void use(const std::filesystem::path& folder) {
  const auto gallery = Gallery::open(folder, Access::read);
  gallery.check();
  gallery.items(0, 10);
  const std::array<float, width> query{0, 1, 0, 0};
  gallery.search({query.data(), 1, width});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const auto& folder = fuzz::scratch().folder();
  static const auto sound = make_gallery(folder);
  if (size == 0) return 0;
  const std::size_t replaced = data[0] % files.size();
  for (std::size_t i = 0; i < files.size(); ++i)
    if (i == replaced)
      fuzz::scratch().write(files[i], data + 1, size - 1);
    else
      fuzz::scratch().write(files[i], sound[i].data(), sound[i].size());
  fuzz::expect_value_or_error([&] { use(folder); });
  return 0;
}

#include "formats/npy.h"

#include "formats/npy_header.h"
#include "formats/readers.h"

namespace igrot {
namespace {

std::vector<std::size_t> column_major_strides(const Shape& shape) {
  std::vector<std::size_t> strides;
  std::size_t stride = 1;
  for (const auto extent : shape) {
    strides.push_back(stride);
    stride *= extent;
  }
  return strides;
}

}  // namespace

StoredTensor read_npy(const SharedFile& file) {
  const auto header = read_npy_header(file->bytes());
  const auto elements = file->bytes().subspan(header.size_bytes);
  const auto expected =
      checked_count(header.shape, header.dtype) * size_bytes(header.dtype);
  if (elements.size() != expected)
    fail(ErrorKind::corrupt, "{} bytes of elements, expected {}",
         elements.size(), expected);
  Layout layout(header.shape);
  if (header.fortran_order) layout.strides = column_major_strides(header.shape);
  return {std::make_shared<Storage>(file, Packed(elements)), header.dtype,
          std::move(layout)};
}

StoredTensor read_npy(const std::filesystem::path& path) {
  const SharedFile file = std::make_shared<ContainerFile>(
      ContainerFile{path.string(), MappedFile::open(path)});
  return at(file->name, [&] { return read_npy(file); });
}

Tensor read_npy_f32(const std::filesystem::path& path) {
  return read_npy(path).to_tensor();
}

Contents read_npy_contents(const SharedFile& file) {
  Contents contents(Container::npy);
  contents.tensors.push_back({"", read_npy(file)});
  return contents;
}

}  // namespace igrot

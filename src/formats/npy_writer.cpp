#include <algorithm>
#include <vector>

#include "base/file.h"
#include "formats/npy.h"
#include "formats/npy_header.h"

namespace igrot {

void write_npy(const std::filesystem::path& path, DType dtype,
               const Shape& shape, Bytes elements) {
  const auto expected = checked_count(shape, dtype) * size_bytes(dtype);
  if (elements.size() != expected)
    fail(ErrorKind::usage, "{}: {} bytes of elements, expected {}",
         path.string(), elements.size(), expected);
  const auto header = format_npy_header(dtype, shape);
  AtomicFile file(path);
  file.write(header);
  file.write(elements);
  file.commit();
}

void write_npy(const std::filesystem::path& path, const Tensor& tensor) {
  write_npy(path, DType::f32, tensor.shape(), std::as_bytes(tensor.values()));
}

NpyWriter::NpyWriter(const std::filesystem::path& path, DType dtype,
                     const Shape& row)
    : file_(path),
      dtype_(dtype),
      shape_(row),
      row_bytes_(checked_count(row, dtype) * size_bytes(dtype)) {
  shape_.insert(shape_.begin(), 0);
  file_.write(as_bytes(format_npy_header(dtype_, shape_)));
}

void NpyWriter::append(Bytes rows) {
  if (rows.empty()) return;
  if (row_bytes_ == 0 || rows.size() % row_bytes_ != 0)
    fail(ErrorKind::usage, "npy: {} bytes are no rows of {}", rows.size(),
         row_bytes_);
  file_.write(rows);
  shape_[0] += rows.size() / row_bytes_;
}

void NpyWriter::append(std::span<const float> rows) {
  if (dtype_ == DType::f32) return append(std::as_bytes(rows));
  if (dtype_ != DType::f16)
    fail(ErrorKind::usage, "npy: float32 rows for an array of {}",
         describe(dtype_).name);
  std::vector<std::uint16_t> halves(rows.size());
  std::ranges::transform(rows, halves.begin(), half_from_float);
  append(std::as_bytes(std::span(halves)));
}

void NpyWriter::commit() {
  file_.rewrite_start(as_bytes(format_npy_header(dtype_, shape_)));
  file_.commit();
}

}  // namespace igrot

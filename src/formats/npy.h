// NumPy's npy files: one array, read and written.
#pragma once

#include <filesystem>
#include <string>

#include "formats/rewritable_file.h"
#include "formats/stored_tensor.h"

namespace igrot {

/// The array of an npy file: versions 1 to 3, little-endian numbers and bools,
/// either order. The file is mapped. Throws Error, naming the file: not_found,
/// corrupt, unsupported (big-endian, objects, records, complex), io.
StoredTensor read_npy(const std::filesystem::path& path);

/// The same, as float32.
Tensor read_npy_f32(const std::filesystem::path& path);

/// The array of an npy file that is already mapped; errors do not name it.
StoredTensor read_npy(const SharedFile& file);

/// Writes an array under a temporary name and renames it. `elements` are
/// row-major and as many as `shape` says. Throws Error: usage (sizes disagree,
/// bfloat16, which npy does not know), io.
void write_npy(const std::filesystem::path& path, DType dtype,
               const Shape& shape, Bytes elements);
void write_npy(const std::filesystem::path& path, const Tensor& tensor);

/// Writes an array row by row, when the number of rows is known only at the
/// end. The file appears under its name with `commit`; destroyed without it,
/// nothing is left and what was there before stays. One thread at a time.
class NpyWriter {
 public:
  /// `row`: the shape of one row; empty for an array of one dimension.
  /// Throws Error: usage (bfloat16), io.
  NpyWriter(const std::filesystem::path& path, DType dtype, const Shape& row);
  /// Appends whole rows. Throws Error: usage (not whole rows), io.
  void append(Bytes rows);

  /// Appends whole rows of numbers to an array of f32 or f16, which rounds to
  /// nearest even. Throws Error: usage (another type, not whole rows), io.
  void append(std::span<const float> rows);

  std::size_t rows() const { return shape_[0]; }

  /// Writes the number of rows, syncs, renames. Throws Error: io.
  void commit();

 private:
  RewritableFile file_;
  DType dtype_;
  Shape shape_;  // rows first
  std::size_t row_bytes_;
};

}  // namespace igrot

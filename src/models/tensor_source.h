// The tensors of a model's files under their canonical names: what is there,
// what shape it has, and its numbers.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/checkpoint.h"
#include "models/layouts.h"
#include "models/visit.h"

namespace igrot {

/// A tensor that the model does not use, as it is stored.
struct CarriedTensor {
  std::string name;  ///< canonical
  StoredTensor tensor;
};

/// Canonical tensors of the files they lie in, which stay mapped. Immutable;
/// safe from many threads. Messages name tensors as the file does; the caller
/// adds the file's name.
class TensorSource {
 public:
  /// files: the parts of one model. Throws Error: unsupported (no known
  /// layout), corrupt (two tensors for one place).
  explicit TensorSource(std::span<const Checkpoint> files);

  const LayoutRow& layout() const { return *layout_.row; }

  /// Whether names stand behind a wrapper's prefix, as training programs save.
  bool is_wrapped() const;

  bool has(std::string_view name) const { return tensors_.contains(name); }

  /// The shape of a tensor that must be there with so many dimensions (1 or
  /// more), none of them 0. Throws Error: corrupt.
  Shape shape(std::string_view name, std::size_t rank) const;

  /// How many different numbers follow `prefix` in the names.
  std::size_t count_layers(std::string_view prefix) const;

  /// Whether everything is there in its shape and in a type of floating point
  /// numbers. Throws Error: corrupt, unsupported (other types).
  void check(std::span<const TensorSpec> specs) const;

  /// The numbers of a tensor that passed `check`. Throws Error: corrupt.
  Tensor read(const TensorSpec& spec) const;

  /// The number of a tensor of one element, if it is there. Throws Error:
  /// corrupt.
  std::optional<Tensor> scalar(std::string_view name) const;

  /// Stored tensors with a canonical name and in one piece that `specs` leave
  /// over.
  std::vector<CarriedTensor> others(std::span<const TensorSpec> specs) const;

  /// Names in the files that `specs` and the known extras leave over.
  std::vector<std::string> unused(std::span<const TensorSpec> specs) const;

 private:
  struct Part {
    std::string foreign;
    StoredTensor tensor;
    std::size_t span = 1;  ///< as `Rename` has it
  };
  struct Entry {
    std::vector<std::optional<Part>> parts;
    bool transposed = false;
    bool unbatched = false;
  };

  static std::size_t first_missing(const Entry& entry);
  static bool is_complete(const Entry& entry);
  static Shape foreign_shape(const TensorSpec& spec, const Entry& entry,
                             const Part& part);
  void add(std::string_view name, const StoredTensor& tensor);
  void check(const TensorSpec& spec, const Entry& entry) const;
  std::string missing_name(const std::string& canonical,
                           const Entry* entry) const;

  FoundLayout layout_;
  std::map<std::string, Entry, std::less<>> tensors_;
  std::vector<std::string> unknown_;
};

/// The first of many names, for a message: "'a', 'b', 'c' and 4 more".
std::string some_of(std::span<const std::string> names);

/// "[768, 512]".
std::string describe(const Shape& shape);

}  // namespace igrot

// Opening a file of named tensors, whatever container it is.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "formats/contents.h"

namespace igrot {

/// The named tensors of one file. Cheap to copy; immutable; safe from many
/// threads.
class Checkpoint {
 public:
  /// Opens a file by its content, never by its name. The file is mapped and
  /// must not change while a Checkpoint or one of its tensors lives. Nothing in
  /// it is executed.
  ///
  /// Names are keys joined by '/', list items by index; TorchScript's are
  /// attribute paths joined by '.'; a bare tensor has the empty name.
  /// Throws Error, naming the file: not_found, corrupt, unsupported, io.
  static Checkpoint open(const std::filesystem::path& path);

  Container container() const { return contents_->container; }

  /// In the order of the file; names are unique.
  const std::vector<NamedTensor>& tensors() const { return contents_->tensors; }

  /// The tensor of that name, or null; it lives as long as the checkpoint.
  const StoredTensor* find(std::string_view name) const;

  /// The leaves of a torch file that are not tensors.
  const std::vector<Scalar>& scalars() const { return contents_->scalars; }

  /// `__metadata__` of a safetensors file.
  const std::map<std::string, std::string>& metadata() const {
    return contents_->metadata;
  }

 private:
  explicit Checkpoint(Contents contents);

  std::shared_ptr<const Contents> contents_;
  std::vector<std::uint32_t> by_name_;
};

}  // namespace igrot

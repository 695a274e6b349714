// Gathers the tensors and scalars of a pickle's tree, within limits.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "formats/contents.h"
#include "formats/pickle.h"

namespace igrot {

/// The bytes of a storage that a pickle names. Throws Error: corrupt.
using FindStorage = std::function<SharedStorage(const pickle::StorageId&)>;

/// What the walks over a tree share: turning views into tensors, and counting
/// what they meet, because a small tree that refers to itself again and again
/// can stand for an endless one.
class Collector {
 public:
  Collector(Container container, const pickle::Tree& tree, FindStorage find)
      : tree_(tree), find_(std::move(find)), contents_(container) {}

  /// Counts one value met. Throws Error: unsupported (too many).
  void visit();

  /// Enters a container. Throws Error: corrupt (it contains itself),
  /// unsupported (too deep, too much).
  void enter(pickle::Ref ref);
  void leave() { path_.pop_back(); }

  void add_tensor(std::string_view name, const pickle::TensorView& view);
  void add_scalar(std::string_view name, std::string_view type,
                  std::string value);

  /// What was gathered; leaves the collector empty.
  Contents take() { return std::move(contents_); }
  bool has_tensors() const { return !contents_.tensors.empty(); }

 private:
  SharedStorage storage(const pickle::StorageId& id);
  Layout layout(const pickle::TensorView& view) const;
  void count_text(std::size_t size);
  void count_elements(const StoredTensor& tensor);

  const pickle::Tree& tree_;
  FindStorage find_;
  std::map<std::pair<std::string_view, DType>, SharedStorage> storages_;
  std::vector<pickle::Ref> path_;
  std::size_t visits_ = 0;
  std::size_t text_bytes_ = 0;
  std::uint64_t stored_bytes_ = 0;
  std::uint64_t tensor_bytes_ = 0;
  Contents contents_;
};

/// Collects what torch.save wrote: dicts, lists and tuples of tensors and
/// scalars. Throws Error: corrupt, unsupported.
Contents collect_state(Container container, const pickle::Tree& tree,
                       FindStorage find);

}  // namespace igrot

#include "formats/collector.h"

#include <algorithm>
#include <optional>

#include "formats/foreign_text.h"
#include "formats/limits.h"
#include "formats/python_text.h"

namespace igrot {

void Collector::enter(pickle::Ref ref) {
  visit();
  if (std::ranges::count(path_, ref))
    fail(ErrorKind::corrupt, "{} contains itself",
         pickle::describe(tree_[ref]));
  if (path_.size() == limits::nesting)
    fail(ErrorKind::unsupported, "containers nested more than {} deep",
         limits::nesting);
  path_.push_back(ref);
}

void Collector::add_tensor(std::string_view name,
                           const pickle::TensorView& view) {
  visit();
  count_text(name.size());
  if (contents_.tensors.size() == limits::tensors)
    fail(ErrorKind::unsupported, "more than {} tensors", limits::tensors);
  at("tensor " + in_quotes(name), [&] {
    const auto& id = std::get<pickle::StorageId>(tree_[view.storage]);
    const StoredTensor tensor(storage(id), id.dtype, layout(view));
    count_elements(tensor);
    contents_.tensors.push_back({std::string(name), tensor});
  });
}

void Collector::add_scalar(std::string_view name, std::string_view type,
                           std::string value) {
  visit();
  count_text(name.size() + value.size());
  contents_.scalars.push_back(
      {std::string(name), std::string(type), std::move(value)});
}

SharedStorage Collector::storage(const pickle::StorageId& id) {
  auto& storage = storages_[{id.key, id.dtype}];
  if (!storage) {
    storage = find_(id);
    stored_bytes_ += storage->size_bytes();
  }
  const auto expected =
      checked_product(id.size, size_bytes(id.dtype), "storage");
  if (storage->size_bytes() != expected)
    fail(ErrorKind::corrupt, "its storage has {} bytes, expected {}",
         storage->size_bytes(), expected);
  return storage;
}

Layout Collector::layout(const pickle::TensorView& view) const {
  const auto counts = [&](pickle::Ref ref, std::string_view what) {
    std::vector<std::size_t> result;
    for (const auto item : std::get<pickle::Tuple>(tree_[ref]).items) {
      const auto* count = std::get_if<std::int64_t>(&tree_[item]);
      if (!count || *count < 0)
        fail(ErrorKind::corrupt, "a {} is {}", what,
             count ? std::to_string(*count)
                   : std::string(pickle::describe(tree_[item])));
      result.push_back(static_cast<std::size_t>(*count));
    }
    return result;
  };
  Layout layout(counts(view.sizes, "size"));
  layout.strides = counts(view.strides, "stride");
  layout.offset = view.offset;
  if (layout.shape.size() != layout.strides.size())
    fail(ErrorKind::corrupt, "{} sizes with {} strides", layout.shape.size(),
         layout.strides.size());
  return layout;
}

void Collector::visit() {
  if (++visits_ > limits::visits)
    fail(ErrorKind::unsupported, "more than {} values", limits::visits);
}

void Collector::count_text(std::size_t size) {
  if (size > limits::text_bytes - text_bytes_)
    fail(ErrorKind::unsupported, "more than {} bytes of names and texts",
         limits::text_bytes);
  text_bytes_ += size;
}

// Views may share and repeat what is stored, but not turn a small file into a
// large model.
void Collector::count_elements(const StoredTensor& tensor) {
  const auto limit =
      limits::expansion_bytes + limits::expansion_factor * stored_bytes_;
  if (__builtin_add_overflow(tensor_bytes_,
                             tensor.size() * size_bytes(tensor.dtype()),
                             &tensor_bytes_) ||
      tensor_bytes_ > limit)
    fail(ErrorKind::unsupported,
         "with {} elements, the views of {} stored bytes are too large",
         tensor.size(), stored_bytes_);
}

namespace {

/// A walk over what torch.save wrote. The path so far is one string that
/// grows and shrinks. Recursion is bounded by Collector::enter.
class StateWalk {
 public:
  StateWalk(const pickle::Tree& tree, Collector& collector)
      : tree_(tree), collector_(collector) {}

  void walk(pickle::Ref ref) {
    std::visit([&](const auto& value) { take(ref, value); }, tree_[ref]);
  }

 private:
  void take(pickle::Ref ref, const pickle::Dict& dict);
  void take(pickle::Ref ref, const pickle::List& list) {
    take_items(ref, list.items);
  }
  void take(pickle::Ref ref, const pickle::Tuple& tuple) {
    take_items(ref, tuple.items);
  }
  void take_items(pickle::Ref ref, const std::vector<pickle::Ref>& items);
  void take_child(std::string_view key, pickle::Ref ref);

  void take(pickle::Ref, const pickle::TensorView& view) {
    collector_.add_tensor(name_, view);
  }
  void take(pickle::Ref, pickle::None) { add("none", ""); }
  void take(pickle::Ref, bool value) { add("bool", value ? "true" : "false"); }
  void take(pickle::Ref, std::int64_t value) {
    add("int", std::to_string(value));
  }
  void take(pickle::Ref, const pickle::BigInteger& value) {
    add("int", decimal(value.digits));
  }
  void take(pickle::Ref, double value) { add("float", python_repr(value)); }
  void take(pickle::Ref, const pickle::Text& text) {
    add("str", std::string(text.utf8));
  }
  template <class Other>
  void take(pickle::Ref ref, const Other&) {
    fail(ErrorKind::unsupported, "{} is {}", in_quotes(name_),
         pickle::describe(tree_[ref]));
  }

  void add(std::string_view type, std::string value) {
    collector_.add_scalar(name_, type, std::move(value));
  }
  std::string key_text(pickle::Ref key) const;

  const pickle::Tree& tree_;
  Collector& collector_;
  std::string name_;
  bool inside_ = false;
};

std::string StateWalk::key_text(pickle::Ref key) const {
  if (const auto* text = std::get_if<pickle::Text>(&tree_[key]))
    return std::string(text->utf8);
  if (const auto* number = std::get_if<std::int64_t>(&tree_[key]))
    return std::to_string(*number);
  fail(ErrorKind::unsupported, "{} has {} as a key", in_quotes(name_),
       pickle::describe(tree_[key]));
}

void StateWalk::take_child(std::string_view key, pickle::Ref ref) {
  const auto length = name_.size();
  const bool was_inside = std::exchange(inside_, true);
  if (was_inside) name_ += '/';
  name_ += key;
  walk(ref);
  name_.resize(length);
  inside_ = was_inside;
}

void StateWalk::take(pickle::Ref ref, const pickle::Dict& dict) {
  collector_.enter(ref);
  std::vector<std::string> keys;
  for (const auto& [key, value] : dict.entries) {
    keys.push_back(key_text(key));
    take_child(keys.back(), value);
  }
  std::ranges::sort(keys);
  const auto twice = std::ranges::adjacent_find(keys);
  if (twice != keys.end())
    fail(ErrorKind::corrupt, "the key {} comes twice in one dict",
         in_quotes(*twice));
  collector_.leave();
}

void StateWalk::take_items(pickle::Ref ref,
                           const std::vector<pickle::Ref>& items) {
  collector_.enter(ref);
  for (std::size_t i = 0; i < items.size(); ++i)
    take_child(std::to_string(i), items[i]);
  collector_.leave();
}

bool is_empty_dict(const pickle::Value& value) {
  const auto* dict = std::get_if<pickle::Dict>(&value);
  return dict && dict->entries.empty();
}

}  // namespace

Contents collect_state(Container container, const pickle::Tree& tree,
                       FindStorage find) {
  Collector collector(container, tree, std::move(find));
  StateWalk(tree, collector).walk(tree.root);
  if (!collector.has_tensors() && !is_empty_dict(tree[tree.root]))
    fail(ErrorKind::unsupported, "no tensors in it");
  return collector.take();
}

}  // namespace igrot

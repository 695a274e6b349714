// How published files name what the reference's state dict holds: one table a
// layout, from foreign names to canonical ones. Canonical names are those of
// the reference (method.md 6), the backbone's without their prefix.
//
// A layout is recognised from its names, wherever in the file they lie: below
// keys ("state_dict/", as training programs save) and with a wrapper's prefix
// ("module.").
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace igrot {

/// One row: names that match `foreign` become `canonical`. A '*' (at most one)
/// stands for any text and is carried over.
struct Rename {
  std::string_view foreign;
  std::string_view canonical;

  /// Tensor `part` of `parts` that lie one after another, along the first
  /// dimension, in the canonical one.
  std::size_t part = 0;
  std::size_t parts = 1;

  bool transposed = false;  ///< the foreign tensor is the matrix's transpose
  bool in_block = false;    ///< what '*' stands for is renamed by `block`
  std::size_t span = 1;     ///< of those parts, the foreign tensor is so many
  bool unbatched = false;   ///< it lacks the canonical first dimension, of 1
};

struct LayoutRow {
  std::string_view name;
  std::vector<std::string_view> markers;  ///< all must be there
  std::span<const Rename> renames;        ///< the first match counts
  std::span<const Rename> block;          ///< inside the towers' blocks
};

/// All layouts, in the order in which they are tried.
std::span<const LayoutRow> layouts();

/// The first layout told by that tensor. Throws Error: unsupported (none).
const LayoutRow& layout_with(std::string_view marker);

/// What tells transformers' SiglipModel.
inline constexpr std::string_view siglip_marker = "vision_model.head.probe";

/// A layout found in a file, and what stands before each of its names.
struct FoundLayout {
  const LayoutRow* row = nullptr;
  std::string prefix;
};

std::optional<FoundLayout> find_layout(std::span<const std::string_view> names);

/// What stands before a name: its keys and a wrapper's prefix.
std::string_view name_prefix(std::string_view name);

/// Where a foreign name (without prefix) goes, with the row that says how its
/// content lies there.
struct RenamedTensor {
  std::string canonical;
  const Rename* row = nullptr;
};

/// Empty when the layout has no such name.
std::optional<RenamedTensor> rename(const LayoutRow& layout,
                                    std::string_view foreign);

/// The foreign name of a canonical tensor, or of one part of it.
std::string foreign_name(const LayoutRow& layout, std::string_view canonical,
                         std::size_t part = 0);

/// Where a canonical tensor goes: one foreign tensor, or its parts in order;
/// empty where the layout has no place for it.
struct ForeignTensor {
  std::string name;
  const Rename* row = nullptr;
};
std::vector<ForeignTensor> foreign_tensors(const LayoutRow& layout,
                                           std::string_view canonical);

/// Whether a canonical name is known to be of no use here: a buffer, a scalar
/// of the training.
bool is_known_extra(std::string_view canonical);

/// What a file without a known layout seems to hold ("a BLIP model"), for the
/// message; empty when nothing is known.
std::string_view guess_unsupported(std::span<const std::string_view> names);

}  // namespace igrot

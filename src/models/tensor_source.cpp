#include "models/tensor_source.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "formats/foreign_text.h"
#include "models/positions.h"
#include "tensor/transposed.h"

namespace igrot {
namespace {

// Positions over a grid, which are interpolated for another (BLIP's).
constexpr std::string_view position_grid = "visual_encoder.pos_embed";

/// Whether a stored tensor may stand for another grid than its own.
bool fits_another_grid(const TensorSpec& spec, const Shape& stored) {
  return spec.name == position_grid && stored.size() == 3 && stored[0] == 1 &&
         stored[2] == spec.shape[2] && grid_of(stored[1]) > 0;
}

FoundLayout recognise(std::span<const Checkpoint> files) {
  std::vector<std::string_view> names;
  for (const auto& file : files)
    for (const auto& tensor : file.tensors()) names.push_back(tensor.name);
  if (auto found = find_layout(names)) return *std::move(found);
  if (const auto what = guess_unsupported(names); !what.empty())
    fail(ErrorKind::unsupported, "holds {}, which igrot does not run", what);
  fail(
      ErrorKind::unsupported,
      "holds no model in a layout igrot knows (OpenAI's CLIP, transformers' "
      "CLIPModel and SiglipModel, open_clip, BLIP's retrieval model, TransAgg, "
      "UNION)");
}

}  // namespace

TensorSource::TensorSource(std::span<const Checkpoint> files)
    : layout_(recognise(files)) {
  for (const auto& file : files)
    for (const auto& [name, tensor] : file.tensors())
      if (name_prefix(name) == layout_.prefix) add(name, tensor);
}

void TensorSource::add(std::string_view name, const StoredTensor& tensor) {
  const auto renamed = rename(layout(), name.substr(layout_.prefix.size()));
  if (!renamed) {
    unknown_.emplace_back(name);
    return;
  }
  auto& entry = tensors_[renamed->canonical];
  entry.parts.resize(renamed->row->parts);
  entry.transposed = renamed->row->transposed;
  entry.unbatched = renamed->row->unbatched;
  auto& part = entry.parts[renamed->row->part];
  if (part)
    fail(ErrorKind::corrupt, "tensors {} and {} are for the same place",
         in_quotes(part->foreign), in_quotes(name));
  part = Part{std::string(name), tensor, renamed->row->span};
}

/// The number of parts where none is missing.
std::size_t TensorSource::first_missing(const Entry& entry) {
  std::size_t part = 0;
  while (part < entry.parts.size() && entry.parts[part])
    part += entry.parts[part]->span;
  return part;
}

bool TensorSource::is_complete(const Entry& entry) {
  return first_missing(entry) >= entry.parts.size();
}

/// The shape a part of a tensor of that spec has in the file.
Shape TensorSource::foreign_shape(const TensorSpec& spec, const Entry& entry,
                                  const Part& part) {
  Shape shape = spec.shape;
  if (entry.transposed) std::ranges::reverse(shape);
  if (entry.unbatched) shape.erase(shape.begin());
  shape.front() = shape.front() / entry.parts.size() * part.span;
  return shape;
}

bool TensorSource::is_wrapped() const {
  return !layout_.prefix.empty();
}

std::string TensorSource::missing_name(const std::string& canonical,
                                       const Entry* entry) const {
  // Of a stacked tensor some parts may be there: name the first that is not.
  const auto part = entry ? first_missing(*entry) : 0;
  return layout_.prefix + foreign_name(layout(), canonical, part);
}

Shape TensorSource::shape(std::string_view name, std::size_t rank) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end() || !is_complete(found->second))
    fail(ErrorKind::corrupt, "tensor '{}' is missing",
         missing_name(std::string(name),
                      found == tensors_.end() ? nullptr : &found->second));
  const auto& entry = found->second;
  const auto& part = *entry.parts.front();
  Shape shape = part.tensor.shape();
  const auto foreign_rank = rank - (entry.unbatched ? 1 : 0);
  if (shape.size() != foreign_rank)
    fail(ErrorKind::corrupt, "tensor {} has shape {}, expected {} dimensions",
         in_quotes(part.foreign), describe(shape), foreign_rank);
  if (element_count(shape) == 0)
    fail(ErrorKind::corrupt, "tensor {} has shape {}, which is empty",
         in_quotes(part.foreign), describe(shape));
  if (entry.transposed) std::ranges::reverse(shape);
  if (entry.unbatched) shape.insert(shape.begin(), 1);
  shape.front() = shape.front() / part.span * entry.parts.size();
  return shape;
}

std::size_t TensorSource::count_layers(std::string_view prefix) const {
  std::set<std::string_view> numbers;
  for (auto it = tensors_.lower_bound(prefix);
       it != tensors_.end() && it->first.starts_with(prefix); ++it) {
    const auto rest = std::string_view(it->first).substr(prefix.size());
    numbers.insert(rest.substr(0, rest.find('.')));
  }
  return numbers.size();
}

void TensorSource::check(const TensorSpec& spec, const Entry& entry) const {
  for (const auto& part : entry.parts) {
    if (!part) continue;  // inside the span of another
    const auto& tensor = part->tensor;
    const auto expected = foreign_shape(spec, entry, *part);
    if (tensor.shape() != expected && !fits_another_grid(spec, tensor.shape()))
      fail(ErrorKind::corrupt, "tensor {} has shape {}, expected {}",
           in_quotes(part->foreign), describe(tensor.shape()),
           describe(expected));
    if (!is_floating(tensor.dtype()))
      fail(ErrorKind::unsupported, "tensor {} holds {}, not weights",
           in_quotes(part->foreign), describe(tensor.dtype()).name);
  }
}

void TensorSource::check(std::span<const TensorSpec> specs) const {
  std::vector<std::string> missing;
  for (const auto& spec : specs) {
    const auto found = tensors_.find(spec.name);
    const auto* entry = found == tensors_.end() ? nullptr : &found->second;
    if (!entry || !is_complete(*entry))
      missing.push_back(missing_name(spec.name, entry));
  }
  if (missing.size() == 1)
    fail(ErrorKind::corrupt, "tensor {} is missing", some_of(missing));
  if (!missing.empty())
    fail(ErrorKind::corrupt, "{} tensors are missing: {}", missing.size(),
         some_of(missing));
  for (const auto& spec : specs) check(spec, tensors_.find(spec.name)->second);
}

Tensor TensorSource::read(const TensorSpec& spec) const {
  const auto& entry = tensors_.find(spec.name)->second;
  if (entry.parts.size() == 1) {
    auto tensor = entry.parts.front()->tensor.to_tensor();
    if (spec.name == position_grid)
      return interpolate_positions(std::move(tensor), spec.shape[1]);
    if (entry.unbatched) return std::move(tensor).reshaped(spec.shape);
    return entry.transposed ? transposed(tensor) : std::move(tensor);
  }
  Tensor stacked(spec.shape);
  float* target = stacked.data();
  for (const auto& part : entry.parts)
    if (part)
      target = std::ranges::copy(part->tensor.to_tensor().values(), target).out;
  return stacked;
}

std::optional<Tensor> TensorSource::scalar(std::string_view name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) return std::nullopt;
  const auto& part = found->second.parts.front();
  if (!part || part->tensor.size() != 1) return std::nullopt;
  return part->tensor.to_tensor().reshaped({});
}

std::vector<CarriedTensor> TensorSource::others(
    std::span<const TensorSpec> specs) const {
  std::set<std::string_view> used;
  for (const auto& spec : specs) used.insert(spec.name);
  std::vector<CarriedTensor> list;
  for (const auto& [canonical, entry] : tensors_)
    if (!used.contains(canonical) && entry.parts.size() == 1 &&
        entry.parts.front())
      list.push_back({canonical, entry.parts.front()->tensor});
  return list;
}

std::vector<std::string> TensorSource::unused(
    std::span<const TensorSpec> specs) const {
  std::set<std::string_view> used;
  for (const auto& spec : specs) used.insert(spec.name);
  std::vector<std::string> names;
  for (const auto& name : unknown_)
    if (!is_known_extra(name.substr(layout_.prefix.size())))
      names.push_back(name);
  for (const auto& [canonical, entry] : tensors_)
    if (!used.contains(canonical) && !is_known_extra(canonical))
      for (const auto& part : entry.parts)
        if (part) names.push_back(part->foreign);
  return names;
}

std::string some_of(std::span<const std::string> names) {
  constexpr std::size_t shown = 3;
  std::string list;
  for (std::size_t i = 0; i < std::min(shown, names.size()); ++i)
    list += (i > 0 ? ", " : "") + in_quotes(names[i]);
  if (names.size() > shown)
    list += fmt::format(" and {} more", names.size() - shown);
  return list;
}

std::string describe(const Shape& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

}  // namespace igrot

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <vector>

#include "base/file.h"
#include "formats/foreign_text.h"
#include "formats/limits.h"
#include "formats/writers.h"

namespace igrot {
namespace {

using Tensors = std::span<const TensorToWrite>;

/// The order of the data: wide elements first, so that no padding is needed,
/// which the format does not allow.
std::vector<std::size_t> data_order(Tensors tensors) {
  std::vector<std::size_t> order(tensors.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, std::ranges::greater(), [&](std::size_t i) {
    return size_bytes(tensors[i].dtype);
  });
  return order;
}

std::string format_header(Tensors tensors,
                          const std::vector<std::size_t>& order,
                          const std::map<std::string, std::string>& metadata) {
  std::vector<std::size_t> begins(tensors.size());
  std::size_t end = 0;
  for (const auto i : order) {
    begins[i] = end;
    end += tensors[i].bytes.size();
  }
  // Joined by hand: an ordered JSON object looks through all its keys at every
  // insertion.
  using nlohmann::json;
  std::string text = "{";
  if (!metadata.empty())
    text += "\"__metadata__\":" + json(metadata).dump() + ',';
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const json entry = {
        {"dtype", describe(tensors[i].dtype).safetensors},
        {"shape", tensors[i].shape},
        {"data_offsets", {begins[i], begins[i] + tensors[i].bytes.size()}}};
    text += json(tensors[i].name).dump() + ':' + entry.dump() + ',';
  }
  if (text.back() == ',') text.pop_back();
  text += '}';
  text.resize((text.size() + 7) / 8 * 8, ' ');
  return text;
}

void check_metadata(const std::map<std::string, std::string>& metadata) {
  for (const auto& [key, value] : metadata)
    if (!is_utf8(key) || !is_utf8(value))
      fail(ErrorKind::usage, "metadata {} is not UTF-8", in_quotes(key));
}

}  // namespace

void write_safetensors(const std::filesystem::path& path, Tensors tensors,
                       const std::map<std::string, std::string>& metadata) {
  check_writable(tensors);
  check_metadata(metadata);
  if (std::ranges::count(tensors, "__metadata__", &TensorToWrite::name))
    fail(ErrorKind::usage, "no tensor can be named __metadata__");
  const auto order = data_order(tensors);
  const auto header = format_header(tensors, order, metadata);
  if (header.size() > limits::safetensors_header_bytes)
    fail(ErrorKind::usage, "a safetensors header of {} bytes", header.size());

  AtomicFile file(path);
  const std::uint64_t length = header.size();
  file.write(std::as_bytes(std::span(&length, 1)));
  file.write(header);
  for (const auto i : order) file.write(tensors[i].bytes);
  file.commit();
}

}  // namespace igrot

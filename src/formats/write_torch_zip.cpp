// The pickle is that of torch.save, protocol 2, without memo: an OrderedDict of
// calls of _rebuild_tensor_v2, each storage a persistent id.
#include <string>

#include "base/file.h"
#include "formats/foreign_text.h"
#include "formats/pickle_globals.h"
#include "formats/writers.h"
#include "formats/zip_writer.h"

namespace igrot {
namespace {

template <class Number>
std::string little(Number number) {
  return std::string(as_text(std::as_bytes(std::span(&number, 1))));
}

std::string text(std::string_view utf8) {
  return 'X' + little(static_cast<std::uint32_t>(utf8.size())) +
         std::string(utf8);
}

std::string integer(std::uint64_t number) {
  if (number <= 0xFF) return 'K' + little(static_cast<std::uint8_t>(number));
  if (number <= 0xFFFF) return 'M' + little(static_cast<std::uint16_t>(number));
  if (number <= 0x7FFFFFFF)
    return 'J' + little(static_cast<std::uint32_t>(number));
  return "\x8A\x08" + little(number);  // sizes stay below 2^63
}

std::string global(std::string_view module, std::string_view name) {
  return fmt::format("c{}\n{}\n", module, name);
}

std::string empty_ordered_dict() {
  return global("collections", "OrderedDict") + ")R";
}

std::string storage_id(const TensorToWrite& tensor, std::size_t key) {
  const auto* type = pickle::find_storage(tensor.dtype);
  return '(' + text("storage") + global(type->module, type->name) +
         text(std::to_string(key)) + text("cpu") +
         integer(tensor.bytes.size() / size_bytes(tensor.dtype)) + "tQ";
}

std::string sizes_and_strides(const Shape& shape) {
  std::string sizes;
  std::string strides;
  std::size_t stride = 1;
  for (const auto extent : shape) sizes += integer(extent);
  for (auto i = shape.size(); i-- > 0;) {
    strides.insert(0, integer(stride));
    stride *= std::max<std::size_t>(shape[i], 1);
  }
  return '(' + sizes + "t(" + strides + 't';
}

std::string tensor_call(const TensorToWrite& tensor, std::size_t key) {
  return global("torch._utils", "_rebuild_tensor_v2") + '(' +
         storage_id(tensor, key) + integer(0) +
         sizes_and_strides(tensor.shape) + '\x89' + empty_ordered_dict() + "tR";
}

std::string format_pickle(std::span<const TensorToWrite> tensors,
                          std::string_view under) {
  std::string dict = empty_ordered_dict() + '(';
  for (std::size_t i = 0; i < tensors.size(); ++i)
    dict += text(tensors[i].name) + tensor_call(tensors[i], i);
  dict += 'u';
  if (!under.empty()) dict = '}' + text(under) + dict + 's';
  return "\x80\x02" + dict + '.';
}

}  // namespace

void write_torch_zip(const std::filesystem::path& path,
                     std::span<const TensorToWrite> tensors,
                     std::string_view under) {
  check_writable(tensors);
  if (!is_utf8(under))
    fail(ErrorKind::usage, "key {} is not UTF-8", in_quotes(under));
  for (const auto& tensor : tensors)
    if (!pickle::find_storage(tensor.dtype))
      fail(ErrorKind::usage, "tensor {}: PyTorch stores no {}",
           in_quotes(tensor.name), describe(tensor.dtype).name);

  AtomicFile file(path);
  ZipWriter zip(file);
  zip.add("archive/data.pkl", as_bytes(format_pickle(tensors, under)));
  zip.add("archive/byteorder", as_bytes("little"));
  for (std::size_t i = 0; i < tensors.size(); ++i)
    zip.add(fmt::format("archive/data/{}", i), tensors[i].bytes);
  zip.add("archive/version", as_bytes("3\n"));
  zip.finish();
  file.commit();
}

}  // namespace igrot

// Any file as a checkpoint: containers, pickles, layouts, shapes.
#include "formats/checkpoint.h"

#include "fuzz/scratch.h"
#include "models/derive.h"

namespace {

constexpr std::size_t most_elements = 1U << 20;

void read_everything(const std::filesystem::path& path) {
  const auto file = igrot::Checkpoint::open(path);
  for (const auto& named : file.tensors())
    if (named.tensor.size() <= most_elements)
      igrot::fuzz::expect_value_or_error([&] { named.tensor.to_tensor(); });
  const std::array parts{file};
  const igrot::TensorSource source(parts);
  const auto config = igrot::derive_config(source, {});
  for (const auto& spec : igrot::list_tensors(config))
    if (igrot::element_count(spec.shape) <= most_elements) source.read(spec);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const auto path = igrot::fuzz::scratch().write("model", data, size);
  igrot::fuzz::expect_value_or_error([&] { read_everything(path); });
  return 0;
}

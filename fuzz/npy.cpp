// Any file as an npy array.
#include "formats/npy.h"

#include "fuzz/scratch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const auto path = igrot::fuzz::scratch().write("array.npy", data, size);
  igrot::fuzz::expect_value_or_error([&] {
    const auto array = igrot::read_npy(path);
    if (array.size() <= size) array.to_tensor();
  });
  return 0;
}

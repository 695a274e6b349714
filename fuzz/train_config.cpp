// Any text as a training configuration; one that is read is written and read
// again as the same.
#include "train/config.h"

#include "fuzz/scratch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const auto path = igrot::fuzz::scratch().write("run.toml", data, size);
  igrot::fuzz::expect_value_or_error([&] {
    const auto text = igrot::train_config_toml(igrot::read_train_config(path));
    const auto again =
        igrot::fuzz::scratch().write("again.toml", text.data(), text.size());
    if (igrot::train_config_toml(igrot::read_train_config(again)) != text)
      std::abort();
  });
  return 0;
}

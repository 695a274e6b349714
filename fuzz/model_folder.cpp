// A model folder's JSON: configurations and indices of shards.
#include "fuzz/scratch.h"
#include "models/model_files.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using igrot::fuzz::scratch;
  constexpr std::string_view empty("\x02\0\0\0\0\0\0\0{}", 10);
  scratch().write("model.safetensors", empty.data(), empty.size());
  for (const auto* name : {"config.json", "open_clip_config.json",
                           "model.safetensors.index.json"}) {
    const auto path = scratch().write(name, data, size);
    igrot::fuzz::expect_value_or_error([&] {
      igrot::open_model_files(path.extension() == ".json" &&
                                      path.stem().extension() == ".index"
                                  ? path
                                  : scratch().folder());
    });
    std::filesystem::remove(path);
  }
  return 0;
}

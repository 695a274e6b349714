// Any file as igrot.toml: every setting is asked for afterwards.
#include "settings.h"

#include "fuzz/scratch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace igrot;
  fuzz::scratch().write("igrot.toml", data, size);
  app::Settings settings(
      [](const std::string&) -> std::optional<std::string> { return {}; });
  bool is_read = false;
  fuzz::expect_value_or_error([&] {
    settings.read_files(fuzz::scratch().folder());
    is_read = true;
  });
  if (is_read)
    for (const auto& row : app::setting_rows)
      fuzz::expect_value_or_error([&] { settings.find(row.name); });
  return 0;
}

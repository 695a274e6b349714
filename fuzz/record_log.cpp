// Any file as a log of records, to which one is then added.
#include "base/record_log.h"

#include "fuzz/scratch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace igrot;
  constexpr std::size_t value_bytes = 4;
  const auto path = fuzz::scratch().write("log", data, size);
  const RecordLog::Key key(RecordLog::key_bytes, 'a');
  const std::array value{std::byte{1}, std::byte{2}, std::byte{3},
                         std::byte{4}};
  fuzz::expect_value_or_error([&] {
    RecordLog log(path, value_bytes);
    log.find(key);
    log.put(key, value);
    log.write();
    const auto found = log.find(key);
    if (!found || found->size() != value_bytes) std::abort();
  });
  return 0;
}

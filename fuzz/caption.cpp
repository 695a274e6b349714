// Any bytes as what a server of captions answers.
#include "caption_text.h"

#include "fuzz/scratch.h"

namespace {

void check_line(const std::string& line, std::size_t most) {
  if (line.size() > most) std::abort();
  for (const char c : line)
    if (static_cast<unsigned char>(c) < ' ') std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace igrot;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  fuzz::expect_value_or_error(
      [&] { check_line(app::caption_in(body), std::size_t{16} << 10); });
  constexpr std::string_view secret = "sk-1";
  const auto message = app::server_message(body, secret);
  check_line(message, 200);
  if (message.find(secret) != std::string::npos) std::abort();
  return 0;
}

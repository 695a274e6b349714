// Any bytes as a vocabulary of SigLIP, which then cuts its own bytes.
#include <algorithm>

#include "fuzz/tokens.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using igrot::Tokenizer;
  const std::string_view text(reinterpret_cast<const char*>(data),
                              std::min<std::size_t>(size, 256));
  const auto file = igrot::fuzz::scratch().write("spiece.model", data, size);
  for (const auto make : {&Tokenizer::siglip, &Tokenizer::siglip2})
    igrot::fuzz::expect_value_or_error(
        [&] { igrot::fuzz::check_tokens(make(file), text); });
  return 0;
}

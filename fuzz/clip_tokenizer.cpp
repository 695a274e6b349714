// Any bytes as a text for CLIP's tokenizer.
#include "fuzz/tokens.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  static const auto tokenizer = igrot::Tokenizer::clip();
  igrot::fuzz::check_tokens(tokenizer,
                            {reinterpret_cast<const char*>(data), size});
  return 0;
}

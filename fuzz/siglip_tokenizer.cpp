// Any bytes as a vocabulary of SigLIP, which then cuts its own bytes. The first
// byte says what they are: the file itself, or changes to a sound one, three
// bytes each: where (two), and what stands there then.
#include "fuzz/tokens.h"
#include "tests/text/piece_vocabulary.h"

namespace {

std::string changed(std::string vocabulary, std::string_view changes) {
  for (std::size_t i = 0; i + 2 < changes.size(); i += 3) {
    const auto place = static_cast<std::uint8_t>(changes[i]) |
                       static_cast<std::uint8_t>(changes[i + 1]) << 8;
    vocabulary[static_cast<std::size_t>(place) % vocabulary.size()] =
        changes[i + 2];
  }
  return vocabulary;
}

std::string vocabulary_of(std::string_view bytes) {
  if (bytes.empty()) return {};
  const auto rest = bytes.substr(1);
  switch (bytes.front() % 3) {
    case 0:
      return std::string(rest);
    case 1:
      return changed(igrot::test::siglip_vocabulary(), rest);
    default:
      return changed(igrot::test::siglip2_vocabulary(), rest);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using igrot::Tokenizer;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto vocabulary = vocabulary_of(bytes);
  const auto file = igrot::fuzz::scratch().write(
      "spiece.model", vocabulary.data(), vocabulary.size());
  for (const auto make : {&Tokenizer::siglip, &Tokenizer::siglip2})
    igrot::fuzz::expect_value_or_error(
        [&] { igrot::fuzz::check_tokens(make(file), bytes.substr(0, 256)); });
  return 0;
}

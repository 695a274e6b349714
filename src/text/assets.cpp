#include "text/assets.h"

// Defined in assets.s, which the build writes from assets.s.in.
extern "C" {
extern const std::byte igrot_clip_merges[];
extern const std::byte igrot_clip_merges_end[];
extern const std::byte igrot_bert_vocabulary[];
extern const std::byte igrot_bert_vocabulary_end[];
extern const std::byte igrot_html_entities[];
extern const std::byte igrot_html_entities_end[];
}

namespace igrot::text {

Bytes clip_merges() {
  return {igrot_clip_merges, igrot_clip_merges_end};
}

std::string_view bert_vocabulary() {
  return as_text({igrot_bert_vocabulary, igrot_bert_vocabulary_end});
}

std::string_view html_entities() {
  return as_text({igrot_html_entities, igrot_html_entities_end});
}

}  // namespace igrot::text

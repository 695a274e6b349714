// The cleaning CLIP gives a text before cutting it into words.
//
// Sources: OpenAI's CLIP (simple_tokenizer.py) with ftfy 5.8 on Python 3.11;
// docs/text.md has the steps.
#pragma once

#include <string>
#include <string_view>

#include "text/entities.h"
#include "text/mojibake.h"
#include "text/work_limit.h"

namespace igrot::text {

/// Cleans texts. Safe from many threads.
class ClipCleaner {
 public:
  std::u32string clean(std::u32string_view text) const;

  /// The first part of it: ftfy's fix_text with its defaults.
  std::u32string fix_text(std::u32string_view text) const;

 private:
  /// The repairs that depend on what stands around a line.
  struct Steps {
    bool entities;
    bool encodings;
  };

  std::u32string fix_once(std::u32string text, Steps steps,
                          WorkLimit& limit) const;
  std::u32string fix_line(std::u32string_view line, bool with_entities,
                          WorkLimit& limit) const;

  Entities entities_;
  MojibakeFixer mojibake_;
};

}  // namespace igrot::text

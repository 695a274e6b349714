// The protocols of the emoji benchmark (docs/evaluation.md).
#pragma once

#include "data/emoji.h"
#include "eval/task.h"

namespace igrot {

/// The words that go with every drawing, for methods that read words.
inline constexpr std::string_view emoji_sbir_words =
    "the picture that this drawing shows";

/// A drawing of one hand is asked for another hand's drawings of the same
/// concept: line -> openmoji, line -> noto, symbola -> emojione, noto ->
/// emojione. The gallery holds everything that hand has drawn, of both splits;
/// a drawing that has no answer there is not asked.
std::vector<EvalTask> emoji_sbir_tasks(const std::vector<Emoji>& emoji);

/// A drawing and words are asked for any drawing in colour of the emoji that
/// is meant, among all drawings in colour but the one that is shown.
EvalTask emoji_cir_task(const std::vector<Emoji>& emoji,
                        const std::vector<EmojiQuestion>& questions);

}  // namespace igrot

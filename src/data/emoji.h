// The emoji benchmark: every emoji as several hands draw it, and questions of
// a drawing and words. Layout: docs/emoji.md.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace igrot {

/// Whose drawings there are: fonts and collections, one row each.
struct EmojiHand {
  std::string_view name;
  bool in_colour;   ///< otherwise black lines on white
  bool trained_on;  ///< whether training may see the drawings of seen bases
};

inline constexpr std::array emoji_hands{
    EmojiHand{"noto", true, true}, EmojiHand{"openmoji", true, true},
    EmojiHand{"emojione", true, false}, EmojiHand{"line", false, true},
    EmojiHand{"symbola", false, false}};

/// The splits: bases that training may see, and those it never does.
inline constexpr std::array<std::string_view, 2> emoji_splits{"seen", "unseen"};

struct Emoji {
  std::string code;      ///< "1F44B-1F3FD", of no other emoji
  std::string name;      ///< "waving hand: medium skin tone"
  std::string concept_;  ///< what is to be found from a drawing of it
  std::string base;      ///< the name without what modifies it
  std::string group;
  std::string subgroup;
  std::string split;  ///< one of `emoji_splits`, by base
  /// By hand, absolute; a hand that has not drawn it is not there.
  std::map<std::string_view, std::filesystem::path> drawings;
};

/// A drawing and words, and which emoji is meant.
struct EmojiQuestion {
  std::filesystem::path reference;  ///< absolute
  std::string text;
  std::size_t target = 0;  ///< index into the emoji
  std::string kind;        ///< what the words change: "skin tone", ...
  std::string split;       ///< one of `emoji_splits`
};

/// root/emoji.jsonl. Pictures are not looked at. Throws Error: not_found (it
/// says how the benchmark is made), corrupt (naming file and line), io.
std::vector<Emoji> read_emoji(const std::filesystem::path& root);

/// root/cir-test.jsonl, whose drawings and codes have to be those of `emoji`,
/// read from the same root. Throws Error: likewise.
std::vector<EmojiQuestion> read_emoji_questions(
    const std::filesystem::path& root, const std::vector<Emoji>& emoji);

}  // namespace igrot

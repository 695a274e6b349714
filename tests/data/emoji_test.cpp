#include "data/emoji.h"

#include <gmock/gmock.h>

#include "igrot/error.h"
#include "tests/data/sample.h"

namespace igrot {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string hand_line =
    R"({"code": "1F44B", "name": "waving hand", "concept": "wave",)"
    R"( "base": "waving hand", "group": "People", "subgroup": "hands",)"
    R"( "split": "seen", "noto": "noto/1F44B.png", "line": "line/1F44B.png"})"
    "\n";
const std::string dark_line =
    R"({"code": "1F44B-1F3FF", "name": "waving hand: dark skin tone",)"
    R"( "concept": "wave", "base": "waving hand", "group": "", "subgroup": "",)"
    R"( "split": "unseen", "noto": "noto/1F44B-1F3FF.png"})"
    "\n";
const std::string question_line =
    R"({"reference": "line/1F44B.png", "text": "with dark skin tone",)"
    R"( "target": "noto/1F44B-1F3FF.png", "code": "1F44B-1F3FF",)"
    R"( "reference_code": "1F44B", "kind": "skin tone", "split": "seen"})"
    "\n";

/// `text` with its first `from` replaced.
std::string with(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

class EmojiFiles : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) const {
    write_text(folder_ / name, text);
  }
  /// What reading the emoji ends in.
  std::string refused(const std::string& list) const {
    write("emoji.jsonl", list);
    return refusal(ErrorKind::corrupt, [&] { read_emoji(folder_.path()); });
  }
  /// What reading the questions ends in.
  std::string refused_questions(const std::string& list) const {
    write("emoji.jsonl", hand_line + dark_line);
    write("cir-test.jsonl", list);
    const auto emoji = read_emoji(folder_.path());
    return refusal(ErrorKind::corrupt,
                   [&] { read_emoji_questions(folder_.path(), emoji); });
  }

  TemporaryFolder folder_;
};

TEST_F(EmojiFiles, HoldDrawingsByHand) {
  write("emoji.jsonl", hand_line + "\n" + dark_line);
  const auto emoji = read_emoji(folder_.path());
  ASSERT_THAT(emoji, SizeIs(2));
  EXPECT_EQ(emoji[0].code, "1F44B");
  EXPECT_EQ(emoji[0].concept_, "wave");
  EXPECT_EQ(emoji[0].split, "seen");
  EXPECT_THAT(emoji[0].drawings, SizeIs(2));
  EXPECT_EQ(emoji[0].drawings.at("line"), folder_ / "line/1F44B.png");
  EXPECT_EQ(emoji[1].split, "unseen");
  EXPECT_THAT(emoji[1].drawings, SizeIs(1));
}

TEST_F(EmojiFiles, HoldQuestions) {
  write("emoji.jsonl", hand_line + dark_line);
  write("cir-test.jsonl", question_line);
  const auto questions =
      read_emoji_questions(folder_.path(), read_emoji(folder_.path()));
  ASSERT_THAT(questions, SizeIs(1));
  EXPECT_EQ(questions[0].reference, folder_ / "line/1F44B.png");
  EXPECT_EQ(questions[0].text, "with dark skin tone");
  EXPECT_EQ(questions[0].target, 1U);
  EXPECT_EQ(questions[0].kind, "skin tone");
  EXPECT_EQ(questions[0].split, "seen");
}

TEST_F(EmojiFiles, NameTheLineThatIsDamaged) {
  EXPECT_THAT(refused(hand_line + with(dark_line, "\"code\"", "\"cod\"")),
              EndsWith("emoji.jsonl: line 2: 'code' is missing"));
  EXPECT_THAT(refused(with(hand_line, "\"wave\"", "3")),
              EndsWith("line 1: 'concept' is not a text"));
  EXPECT_THAT(refused(with(hand_line, "\"wave\"", "\"\"")),
              EndsWith("line 1: 'concept' is empty"));
  EXPECT_THAT(refused(with(hand_line, "\"seen\"", "\"test\"")),
              EndsWith("'split' is 'test', expected seen or unseen"));
  EXPECT_THAT(refused(with(hand_line, "\"noto/1F44B.png\"", "\"\"")),
              EndsWith("'noto' is not a path"));
  EXPECT_THAT(refused(hand_line + dark_line + hand_line),
              EndsWith("line 3: 'code' 1F44B stands on an earlier line"));
  EXPECT_THAT(refused("[]"), HasSubstr("line 1: expected an object"));
}

TEST_F(EmojiFiles, NameTheQuestionThatIsDamaged) {
  EXPECT_THAT(refused_questions(question_line), IsEmpty());
  EXPECT_THAT(refused_questions(with(question_line, "\"code\": \"1F44B-1F3FF\"",
                                     "\"code\": \"1F44C\"")),
              AllOf(HasSubstr("cir-test.jsonl: line 1: 'code' is '1F44C'"),
                    HasSubstr("emoji.jsonl does not have")));
  EXPECT_THAT(
      refused_questions(with(question_line, "line/1F44B.png", "line/2.png")),
      EndsWith("'reference' is no drawing of 1F44B"));
  EXPECT_THAT(
      refused_questions(with(question_line, "noto/1F44B-1F3FF.png", "x.png")),
      EndsWith("'target' is no drawing of 1F44B-1F3FF"));
  EXPECT_THAT(refused_questions(with(question_line, "\"kind\"", "\"sort\"")),
              EndsWith("'kind' is missing"));
}

TEST_F(EmojiFiles, ThatAreNotThereAreMadeByAScript) {
  const auto nowhere = folder_ / "none";
  EXPECT_THAT(refusal(ErrorKind::not_found, [&] { read_emoji(nowhere); }),
              AllOf(HasSubstr("none/emoji.jsonl"),
                    HasSubstr("script/emoji " + nowhere.string())));
  EXPECT_THAT(
      refusal(ErrorKind::not_found, [&] { read_emoji_questions(nowhere, {}); }),
      HasSubstr("script/emoji"));
}

}  // namespace
}  // namespace igrot

// What `igrot data caption` is made of: addresses, waiting, foreign texts.
#include <gmock/gmock.h>

#include "caption_client.h"
#include "caption_text.h"
#include "chat_server.h"
#include "igrot/error.h"
#include "retry.h"

namespace igrot::app {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ChatAddress, IsBelowTheEndpoint) {
  EXPECT_EQ(chat_address("http://h:1/v1"), "http://h:1/v1/chat/completions");
  EXPECT_EQ(chat_address("https://h/v1//"), "https://h/v1/chat/completions");
  EXPECT_EQ(chat_address("http://h/v1/chat/completions"),
            "http://h/v1/chat/completions");
  EXPECT_THROW(chat_address("ftp://h/v1"), Error);
  EXPECT_THROW(chat_address("http://"), Error);
  try {
    chat_address("http://me:word@h/v1");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("IGROT_API_KEY"));
    EXPECT_THAT(error.what(), Not(HasSubstr("word@")));
  }
}

TEST(Retry, WaitsLongerEachTimeAndAMinuteAtMost) {
  using std::chrono::milliseconds;
  const auto wait = [](std::size_t tries, std::optional<long> asked = {}) {
    return wait_before(tries, milliseconds(500), asked);
  };
  EXPECT_EQ(wait(1), milliseconds(500));
  EXPECT_EQ(wait(3), milliseconds(2000));
  EXPECT_EQ(wait(100), milliseconds(60'000));
  EXPECT_EQ(wait(1, 7), milliseconds(7000));
  EXPECT_EQ(wait(6, 7), milliseconds(16'000));
  EXPECT_EQ(wait(1, 1'000'000'000L), milliseconds(60'000));
  EXPECT_EQ(wait(1, -5), milliseconds(500));
}

TEST(CaptionText, KeepsToOneHarmlessLine) {
  EXPECT_EQ(one_line(" a\x1b[31m cat \r\n\ton\xE2\x80\xAE a\xE2\x80\xA8mat "),
            "a [31m cat on a mat");
  EXPECT_EQ(one_line(std::string("nul\0here", 8)), "nul here");
  EXPECT_EQ(one_line("not \xFF UTF-8, na\xC3\xAFve \xF0\x9F\x90\xB1"),
            "not UTF-8, na\xC3\xAFve \xF0\x9F\x90\xB1");
  EXPECT_EQ(caption_in(completion("two\nlines\x7F")), "two lines");
}

TEST(CaptionText, FindsWhatAServerSays) {
  EXPECT_EQ(server_message(R"({"error": {"message": "a"}})", ""), "a");
  EXPECT_EQ(server_message(R"({"error": "b"})", ""), "b");
  EXPECT_EQ(server_message(R"({"detail": "c"})", ""), "c");
  EXPECT_EQ(server_message("<html>d</html>", ""), "<html>d</html>");
  EXPECT_EQ(server_message("key k-1, k-1", "k-1"), "key ***, ***");
  // At most 200 bytes, and no half of a character.
  const std::string most(200, 'x');
  EXPECT_EQ(server_message(most, ""), most);
  EXPECT_EQ(server_message(std::string(196, 'x') + "\xC3\xAFxxx", ""),
            std::string(196, 'x') + "...");
}

}  // namespace
}  // namespace igrot::app

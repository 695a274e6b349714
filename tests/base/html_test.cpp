#include "base/html.h"

#include <gmock/gmock.h>

namespace igrot {
namespace {

TEST(Html, EscapesWhatWouldBeMarkup) {
  EXPECT_EQ(html_escaped("<b a=\"1\">&'"),
            "&#60;b a=&#34;1&#34;&#62;&#38;&#39;");
  EXPECT_EQ(html_escaped("a\xff\x1b"), "a\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(DataUri, EncodesBase64WithPadding) {
  EXPECT_EQ(data_uri("a/b", ""), "data:a/b;base64,");
  EXPECT_EQ(data_uri("a/b", "f"), "data:a/b;base64,Zg==");
  EXPECT_EQ(data_uri("a/b", "fo"), "data:a/b;base64,Zm8=");
  EXPECT_EQ(data_uri("a/b", "foobar"), "data:a/b;base64,Zm9vYmFy");
  EXPECT_EQ(data_uri("a/b", "\xff\xfe"), "data:a/b;base64,//4=");
}

TEST(Page, EscapesItsTitle) {
  EXPECT_THAT(page_start("<b>", ""), testing::HasSubstr("<title>&#60;b"));
}

// The hash of "alert('Hello, world.');" is the example of the Content Security
// Policy's recommendation.
TEST(Page, LetsRunTheOneScriptThatItNames) {
  const std::string_view script = "alert('Hello, world.');";
  EXPECT_THAT(page_start("t", "", script),
              testing::HasSubstr("; script-src 'sha256-"
                                 "qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/"
                                 "Tng='"));
  EXPECT_EQ(page_script(script), "<script>alert('Hello, world.');</script>\n");
  EXPECT_THAT(page_start("t", ""),
              testing::Not(testing::HasSubstr("script-src")));
}

}  // namespace
}  // namespace igrot

// Texts of foreign files, and numbers as Python prints them.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "formats/foreign_text.h"
#include "formats/python_text.h"

namespace igrot {
namespace {

TEST(Utf8, KnowsWellFormedText) {
  for (const auto* text :
       {"", "a", "\x7f", "ä", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "中",
        "\xf0\x90\x80\x80", "😀", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(is_utf8(text)) << text;
}

TEST(Utf8, KnowsWhatIsNot) {
  for (const auto* text :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xc3", "\xe0\x9f\xbf", "\xe4\xb8",
        "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80",
        "a\xff"})
    EXPECT_FALSE(is_utf8(text)) << text;
}

TEST(Quotes, EscapeWhatATerminalWouldObey) {
  EXPECT_EQ(in_quotes("wört"), "'wört'");
  EXPECT_EQ(in_quotes("a\x1b[2J\n"), "'a\\x1b[2J\\x0a'");
  EXPECT_EQ(in_quotes("\xff\xc2\x9b"), "'\\xff\\xc2\\x9b'");
  EXPECT_EQ(in_quotes(std::string(1000, 'x')).size(), 84U);
}

TEST(PythonText, PrintsTheShortestFloat) {
  EXPECT_EQ(python_repr(0.1), "0.1");
  EXPECT_EQ(python_repr(1), "1.0");
  EXPECT_EQ(python_repr(-2.5), "-2.5");
  EXPECT_EQ(python_repr(0.0), "0.0");
  EXPECT_EQ(python_repr(-0.0), "-0.0");
  EXPECT_EQ(python_repr(0.0001), "0.0001");
  EXPECT_EQ(python_repr(0.00001), "1e-05");
  EXPECT_EQ(python_repr(1.25e-7), "1.25e-07");
  EXPECT_EQ(python_repr(123456.789), "123456.789");
  EXPECT_EQ(python_repr(1e15), "1000000000000000.0");
  EXPECT_EQ(python_repr(1234567890123456.0), "1234567890123456.0");
  EXPECT_EQ(python_repr(1e16), "1e+16");
  EXPECT_EQ(python_repr(1.7976931348623157e308), "1.7976931348623157e+308");
  EXPECT_EQ(python_repr(5e-324), "5e-324");
  EXPECT_EQ(python_repr(std::numeric_limits<double>::infinity()), "inf");
  EXPECT_EQ(python_repr(-std::numeric_limits<double>::infinity()), "-inf");
  EXPECT_EQ(python_repr(std::nan("")), "nan");
}

TEST(PythonText, PrintsIntegersOfAnyLength) {
  const auto text = [](std::string_view digits) {
    return decimal(as_bytes(digits));
  };
  EXPECT_EQ(text(""), "0");
  EXPECT_EQ(text({"\0\0", 2}), "0");
  EXPECT_EQ(text("\x7f"), "127");
  EXPECT_EQ(text("\x80"), "-128");
  EXPECT_EQ(text({"\0\0\0\0\0\0\0\0\1", 9}), "18446744073709551616");
  EXPECT_EQ(text({"\0\0\0\0\0\0\0\0\xff", 9}), "-18446744073709551616");
  EXPECT_EQ(text("\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19"),
            "119547037146038801333356");
}

}  // namespace
}  // namespace igrot

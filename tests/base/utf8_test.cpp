#include "base/utf8.h"

#include <gtest/gtest.h>

namespace igrot {
namespace {

TEST(Utf8, RefusesOverlongFormsAndSurrogates) {
  EXPECT_FALSE(first_code_point("\xc0\xaf"));
  EXPECT_FALSE(first_code_point("\xe0\x80\xaf"));
  EXPECT_FALSE(first_code_point("\xed\xa0\x80"));
  EXPECT_FALSE(first_code_point("\xf4\x90\x80\x80"));
  EXPECT_EQ(first_code_point("\xf0\x9f\x90\xb6")->value, 0x1F436U);
}

TEST(Utf8, WritesWhatItReads) {
  for (const std::uint32_t c : {0x41U, 0xE9U, 0x732BU, 0x1F436U}) {
    std::string text;
    append_utf8(text, c);
    EXPECT_EQ(first_code_point(text)->value, c);
    EXPECT_EQ(first_code_point(text)->size_bytes, text.size());
  }
}

}  // namespace
}  // namespace igrot

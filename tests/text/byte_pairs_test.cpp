#include "text/byte_pairs.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include <algorithm>
#include <string>

#include "igrot/error.h"
#include "text/assets.h"

namespace igrot::text {
namespace {

using testing::ElementsAre;
using Ids = std::vector<std::int32_t>;

Ids encode(std::string_view word) {
  static const BytePairs pairs(clip_merges());
  Ids ids;
  pairs.encode(word, ids);
  return ids;
}

TEST(BytePairs, MergesTheBestPairWhereverItStands) {
  EXPECT_THAT(encode("dog"), ElementsAre(1929));
  EXPECT_THAT(encode("a"), ElementsAre(320));
  EXPECT_THAT(encode("!"), ElementsAre(256));
  EXPECT_THAT(encode("photograph"), ElementsAre(8853));
}

TEST(BytePairs, KnowsEveryByteInsideAWordAndAtItsEnd) {
  for (int byte = 0; byte < 256; ++byte) {
    const auto ids = encode(std::string(1, static_cast<char>(byte)));
    ASSERT_EQ(ids.size(), 1U);
    EXPECT_GE(ids[0], 256);
    EXPECT_LT(ids[0], 512);
  }
}

TEST(BytePairs, ALongWordBeginsAsAShorterOneDoes) {
  const auto some = encode(std::string(10'000, 'a'));
  const auto many = encode(std::string(1'000'000, 'a'));
  EXPECT_TRUE(std::equal(some.begin(), some.begin() + 100, many.begin()));
}

std::string gzip(std::string_view text) {
  std::string packed(text.size() + 1000, '\0');
  z_stream stream{};
  deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(packed.size() - stream.avail_out);
  deflateEnd(&stream);
  return packed;
}

TEST(BytePairs, RefusesBrokenFiles) {
  const std::string whole(as_text(clip_merges()));
  for (const std::string& file :
       {std::string(), std::string("no gzip"), whole.substr(0, 1000),
        gzip("version\na b\n"), gzip("version\nab\n"),
        gzip("version\nnever made\n")}) {
    try {
      const BytePairs pairs(as_bytes(file));
      ADD_FAILURE() << file.size();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::corrupt);
    }
  }
}

}  // namespace
}  // namespace igrot::text

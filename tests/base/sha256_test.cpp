#include "base/sha256.h"

#include <gtest/gtest.h>

namespace igrot {
namespace {

// FIPS 180-4's example.
TEST(Sha256, AgreesWithTheStandardsExample) {
  EXPECT_EQ(sha256_hex(as_bytes("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, DoesNotDependOnHowTheBytesAreCut) {
  Sha256 hash;
  hash.add(as_bytes("a"));
  hash.add(as_bytes("bc"));
  EXPECT_EQ(hash.hex(), sha256_hex(as_bytes("abc")));
}

}  // namespace
}  // namespace igrot

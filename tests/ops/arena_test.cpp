#include <gtest/gtest.h>

#include <thread>

#include "ops/dnnl/arena.h"

namespace igrot {
namespace {

TEST(Arena, ServesAFreedBlockAgain) {
  const auto arena = std::make_shared<Arena>();
  const auto* first = arena->take(10000).get();
  const auto second = arena->take(9900);
  EXPECT_EQ(second.get(), first);
}

TEST(Arena, LendsNoBlockTwice) {
  const auto arena = std::make_shared<Arena>();
  const auto first = arena->take(10000);
  const auto second = arena->take(10000);
  EXPECT_NE(second.get(), first.get());
}

TEST(Arena, AlignsTo64Bytes) {
  const auto arena = std::make_shared<Arena>();
  for (const std::size_t size : {0, 1, 513, 70000})
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(arena->take(size).get()) % 64,
              0);
}

TEST(Arena, DoesNotSpendALargeBlockOnASmallRequest) {
  const auto arena = std::make_shared<Arena>();
  arena->take(1 << 20);
  const auto before = arena->reserved_bytes();
  arena->take(1000);
  EXPECT_GT(arena->reserved_bytes(), before);
}

TEST(Arena, TakesBackFromAnyThreadAndAfterItsOwnersLeft) {
  auto arena = std::make_shared<Arena>();
  auto memory = arena->take(5000);
  memory.get()[4999] = std::byte{7};
  arena.reset();
  std::jthread([memory = std::move(memory)]() mutable {
    EXPECT_EQ(memory.get()[4999], std::byte{7});
    memory.reset();
  });
}

TEST(ArenaPool, GivesAReturnedArenaAgain) {
  ArenaPool pool;
  auto first = pool.take();
  const auto* address = first.get();
  const auto second = pool.take();
  EXPECT_NE(second.get(), address);
  pool.put_back(std::move(first));
  EXPECT_EQ(pool.take().get(), address);
}

}  // namespace
}  // namespace igrot

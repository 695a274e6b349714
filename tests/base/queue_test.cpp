#include <gtest/gtest.h>

#include <thread>

#include "base/bounded_queue.h"

namespace igrot {
namespace {

TEST(BoundedQueue, HandsItemsOverInOrder) {
  BoundedQueue<int> queue(2);
  std::jthread producer([&] {
    for (int i = 0; i < 100; ++i) queue.push(i);
    queue.close();
  });
  for (int i = 0; i < 100; ++i) EXPECT_EQ(queue.pop(), i);
  EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(BoundedQueue, CloseReleasesAWaitingProducer) {
  BoundedQueue<int> queue(1);
  queue.push(1);
  std::jthread closer([&] { queue.close(); });
  while (queue.push(2)) {
  }
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), std::nullopt);
}

}  // namespace
}  // namespace igrot

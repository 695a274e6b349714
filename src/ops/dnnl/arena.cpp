#include "ops/dnnl/arena.h"

#include <algorithm>
#include <bit>
#include <new>
#include <utility>

namespace igrot {
namespace {

constexpr std::align_val_t alignment{64};

/// Eight sizes between a power of two and the next, so that requests of nearly
/// one size share blocks and at most an eighth is wasted.
std::size_t block_size(std::size_t size_bytes) {
  const auto wanted = std::max<std::size_t>(size_bytes, 512);
  const auto step = std::max<std::size_t>(std::bit_floor(wanted) / 8, 64);
  return (wanted + step - 1) / step * step;
}

}  // namespace

Memory allocate(std::size_t size_bytes) {
  return Memory(static_cast<std::byte*>(::operator new(size_bytes, alignment)),
                [](auto* data) { ::operator delete(data, alignment); });
}

void Arena::Free::operator()(std::byte* data) const {
  ::operator delete(data, alignment);
}

Arena::Block Arena::find(std::size_t size_bytes) {
  // The smallest that fits, unless it would waste more than it serves.
  auto best = free_.end();
  for (auto block = free_.begin(); block != free_.end(); ++block)
    if (block->size_bytes >= size_bytes &&
        block->size_bytes / 2 <= size_bytes &&
        (best == free_.end() || block->size_bytes < best->size_bytes))
      best = block;
  if (best == free_.end()) return {};
  Block found = std::move(*best);
  *best = std::move(free_.back());
  free_.pop_back();
  return found;
}

Memory Arena::take(std::size_t size_bytes) {
  const auto size = block_size(size_bytes);
  Block block;
  {
    const std::scoped_lock lock(mutex_);
    block = find(size);
    if (!block.data) {
      block = {std::unique_ptr<std::byte, Free>(
                   static_cast<std::byte*>(::operator new(size, alignment))),
               size};
      // Giving back must not allocate.
      free_.reserve(blocks_ + 1);
      ++blocks_;
      reserved_bytes_ += size;
    }
  }
  const auto size_taken = block.size_bytes;
  auto* data = block.data.release();
  return Memory(data, [arena = shared_from_this(), size_taken](auto* memory) {
    arena->give_back({std::unique_ptr<std::byte, Free>(memory), size_taken});
  });
}

void Arena::give_back(Block block) noexcept {
  const std::scoped_lock lock(mutex_);
  free_.push_back(std::move(block));
}

std::size_t Arena::reserved_bytes() const {
  const std::scoped_lock lock(mutex_);
  return reserved_bytes_;
}

std::shared_ptr<Arena> ArenaPool::take() {
  const std::scoped_lock lock(mutex_);
  if (free_.empty()) {
    all_.reserve(all_.size() + 1);
    free_.reserve(all_.size() + 1);
    free_.push_back(std::make_shared<Arena>());
    all_.push_back(free_.back());
  }
  auto arena = std::move(free_.back());
  free_.pop_back();
  return arena;
}

void ArenaPool::put_back(std::shared_ptr<Arena> arena) noexcept {
  const std::scoped_lock lock(mutex_);
  free_.push_back(std::move(arena));
}

std::size_t ArenaPool::reserved_bytes() const {
  const std::scoped_lock lock(mutex_);
  std::size_t total = 0;
  for (const auto& arena : all_) total += arena->reserved_bytes();
  return total;
}

}  // namespace igrot

// Memory of one execution context, recycled: a block freed serves the next
// request of about its size, so that a repeated forward pass allocates nothing.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace igrot {

/// Shared ownership of memory aligned to 64 bytes.
using Memory = std::shared_ptr<std::byte>;

/// Memory of exactly that size, for what stays. Throws std::bad_alloc.
Memory allocate(std::size_t size_bytes);

/// Safe from many threads: what it lends may be given back from anywhere.
class Arena : public std::enable_shared_from_this<Arena> {
 public:
  /// At least `size_bytes`, uninitialised. The memory keeps the arena alive and
  /// returns to it. Throws std::bad_alloc.
  Memory take(std::size_t size_bytes);

  /// Bytes ever taken from the system, lent or free: they stay the arena's.
  std::size_t reserved_bytes() const;

 private:
  struct Free {
    void operator()(std::byte* data) const;
  };
  struct Block {
    std::unique_ptr<std::byte, Free> data;
    std::size_t size_bytes = 0;
  };

  Block find(std::size_t size_bytes);
  void give_back(Block block) noexcept;

  mutable std::mutex mutex_;
  std::vector<Block> free_;
  std::size_t blocks_ = 0;
  std::size_t reserved_bytes_ = 0;
};

/// The arenas of one engine. Safe from many threads.
class ArenaPool {
 public:
  /// An arena nobody else takes from until it is put back.
  std::shared_ptr<Arena> take();
  void put_back(std::shared_ptr<Arena> arena) noexcept;

  std::size_t reserved_bytes() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Arena>> all_;
  std::vector<std::shared_ptr<Arena>> free_;
};

}  // namespace igrot

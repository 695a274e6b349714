// Work done ahead of its consumer on several threads, taken in order.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

namespace igrot {

/// Computes make(0), make(1), ..., make(count - 1) on worker threads; `next`
/// hands the results over in that order. At most `window` results are finished
/// or in work and not yet taken, so memory stays bounded. `next` is for one
/// thread; `make` is called from many.
template <class Result>
class Ahead {
 public:
  Ahead(std::size_t count, std::size_t threads, std::size_t window,
        std::function<Result(std::size_t)> make)
      : count_(count), window_(window), make_(std::move(make)) {
    for (std::size_t i = 0; i < threads; ++i)
      workers_.emplace_back([this] { work(); });
  }
  Ahead(const Ahead&) = delete;
  Ahead& operator=(const Ahead&) = delete;
  ~Ahead() {
    {
      const std::lock_guard lock(mutex_);
      next_to_make_ = count_;
    }
    room_.notify_all();
    for (auto& worker : workers_) worker.join();
  }

  /// Nothing after the last. Throws what `make` threw for this one.
  std::optional<Result> next() {
    std::unique_lock lock(mutex_);
    if (next_to_take_ == count_) return std::nullopt;
    ready_.wait(lock, [&] { return finished_.contains(next_to_take_); });
    auto entry = finished_.extract(next_to_take_++);
    lock.unlock();
    room_.notify_all();
    if (auto* failure = std::get_if<std::exception_ptr>(&entry.mapped()))
      std::rethrow_exception(*failure);
    return std::get<Result>(std::move(entry.mapped()));
  }

 private:
  using Outcome = std::variant<Result, std::exception_ptr>;

  std::optional<std::size_t> claim() {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] {
      return next_to_make_ >= count_ || next_to_make_ < next_to_take_ + window_;
    });
    if (next_to_make_ >= count_) return std::nullopt;
    return next_to_make_++;
  }

  Outcome outcome(std::size_t i) {
    try {
      return make_(i);
    } catch (...) {
      return std::current_exception();
    }
  }

  void work() {
    while (const auto i = claim()) {
      auto made = outcome(*i);
      {
        const std::lock_guard lock(mutex_);
        finished_.emplace(*i, std::move(made));
      }
      ready_.notify_one();
    }
  }

  const std::size_t count_;
  const std::size_t window_;
  const std::function<Result(std::size_t)> make_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::condition_variable ready_;
  std::size_t next_to_make_ = 0;
  std::size_t next_to_take_ = 0;
  std::map<std::size_t, Outcome> finished_;
  std::vector<std::thread> workers_;
};

}  // namespace igrot

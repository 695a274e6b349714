#include "gallery/checksum.h"

#include <xxhash.h>

#include <array>
#include <new>

namespace igrot {

struct ValueChecksum::State {
  XXH3_state_t* xxh3 = XXH3_createState();
  State() {
    if (!xxh3) throw std::bad_alloc();
    XXH3_64bits_reset(xxh3);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { XXH3_freeState(xxh3); }

  void add(std::byte type, std::int64_t number) {
    std::array<std::byte, 9> head{type};
    std::memcpy(head.data() + 1, &number, sizeof number);
    XXH3_64bits_update(xxh3, head.data(), head.size());
  }
};

std::uint64_t xxh3(Bytes bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

ValueChecksum::ValueChecksum() : state_(std::make_unique<State>()) {}
ValueChecksum::~ValueChecksum() = default;

void ValueChecksum::add_null() {
  state_->add(std::byte{0}, 0);
}

void ValueChecksum::add(std::int64_t value) {
  state_->add(std::byte{1}, value);
}

void ValueChecksum::add(std::string_view bytes) {
  state_->add(std::byte{2}, static_cast<std::int64_t>(bytes.size()));
  XXH3_64bits_update(state_->xxh3, bytes.data(), bytes.size());
}

std::uint64_t ValueChecksum::value() const {
  return XXH3_64bits_digest(state_->xxh3);
}

}  // namespace igrot

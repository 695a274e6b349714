#include "train/event_file.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "base/fail.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view name_start = "events.out.tfevents.";

/// What eight further bits do to a check sum.
constexpr auto crc_table = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    table[i] = i;
    for (int bit = 0; bit < 8; ++bit)
      table[i] = table[i] >> 1U ^ (table[i] % 2 == 1 ? 0x82F63B78U : 0U);
  }
  return table;
}();

template <class Number>
void append_little(std::string& out, Number number) {
  std::array<char, sizeof number> bytes;
  std::memcpy(bytes.data(), &number, sizeof number);
  out.append(bytes.data(), bytes.size());
}

/// A message of protocol buffers, appended field by field. A field starts with
/// its number and, in the low three bits, how long it is.
struct Message {
  std::string bytes;

  Message& whole(std::uint64_t field, std::uint64_t value) {
    return varint(field << 3U).varint(value);
  }
  Message& real(std::uint64_t field, double value) {
    varint(field << 3U | 1U);
    append_little(bytes, value);
    return *this;
  }
  Message& real(std::uint64_t field, float value) {
    varint(field << 3U | 5U);
    append_little(bytes, value);
    return *this;
  }
  Message& text(std::uint64_t field, std::string_view value) {
    varint(field << 3U | 2U).varint(value.size());
    bytes += value;
    return *this;
  }

 private:
  Message& varint(std::uint64_t number) {
    for (; number >= 128; number >>= 7U)
      bytes += static_cast<char>(number % 128 + 128);
    bytes += static_cast<char>(number);
    return *this;
  }
};

using Seconds = std::chrono::duration<double>;

/// Event.wall_time and Event.step; a message may follow in another field.
Message event_at(std::size_t step) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  Message event;
  event.real(1, Seconds(now).count()).whole(2, step);
  return event;
}

std::string file_version() {
  return event_at(0).text(3, "brain.Event:2").bytes;
}

/// SessionLog.START: from this step on the run begins anew.
std::string session_start(std::size_t step) {
  return event_at(step).text(7, Message().whole(1, 1).bytes).bytes;
}

std::uint32_t masked_crc(std::string_view bytes) {
  const auto crc = crc32c(as_bytes(bytes));
  return (crc >> 15U | crc << 17U) + 0xA282EAD8U;
}

std::string framed(const std::string& event) {
  std::string record;
  append_little(record, std::uint64_t{event.size()});
  append_little(record, masked_crc(record));
  record += event;
  append_little(record, masked_crc(event));
  return record;
}

/// The seconds in the name of an event file, 0 for another file.
std::uint64_t seconds_in(const std::string& name) {
  std::uint64_t seconds = 0;
  if (name.starts_with(name_start))
    std::from_chars(name.data() + name_start.size(), name.data() + name.size(),
                    seconds);
  return seconds;
}

fs::path new_path(const fs::path& folder) {
  auto seconds = static_cast<std::uint64_t>(
      std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    seconds =
        std::max(seconds, seconds_in(entry.path().filename().string()) + 1);
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host = {"unknown"};
  return folder /
         fmt::format("{}{}.{}.igrot", name_start, seconds, host.data());
}

}  // namespace

std::uint32_t crc32c(Bytes bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const auto byte : bytes)
    crc = crc >> 8U ^
          crc_table[(crc ^ std::to_integer<std::uint32_t>(byte)) & 255U];
  return ~crc;
}

EventFile::EventFile(const fs::path& folder, std::size_t steps_done)
    : path_(new_path(folder)), out_(path_, std::ios::binary) {
  write(file_version());
  write(session_start(steps_done + 1));
}

void EventFile::scalars(std::size_t step,
                        std::span<const std::pair<std::string, float>> values) {
  Message summary;
  for (const auto& [tag, value] : values)
    summary.text(1, Message().text(1, tag).real(2, value).bytes);
  write(event_at(step).text(5, summary.bytes).bytes);
}

void EventFile::write(const std::string& event) {
  out_ << framed(event) << std::flush;
  if (!out_) fail(ErrorKind::io, "{}: cannot be written", path_.string());
}

}  // namespace igrot

#include "formats/zip_writer.h"

#include <zlib.h>

#include <algorithm>

namespace igrot {
namespace {

constexpr std::uint16_t version = 45;         // the first with zip64
constexpr std::uint16_t date = 1U << 5 | 1U;  // 1 January 1980
constexpr std::uint64_t alignment = 64;
constexpr std::uint16_t padding_field = 0x4246;  // "FB", as PyTorch has it

template <class... Numbers>
std::string little(Numbers... numbers) {
  std::string text;
  (text.append(as_text(std::as_bytes(std::span(&numbers, 1)))), ...);
  return text;
}

std::uint32_t crc_of(Bytes bytes) {
  return static_cast<std::uint32_t>(
      ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::string extra(std::uint16_t id, const std::string& content) {
  return little(id, static_cast<std::uint16_t>(content.size())) + content;
}

}  // namespace

void ZipWriter::add(std::string name, Bytes bytes) {
  const Entry entry{std::move(name), crc_of(bytes), bytes.size(), offset_};
  write_local(entry);
  write(bytes);
  entries_.push_back(entry);
}

void ZipWriter::write(Bytes bytes) {
  file_.write(bytes);
  offset_ += bytes.size();
}

std::uint32_t ZipWriter::narrow(std::uint64_t number) const {
  return number >= wide_from_ ? zip::elsewhere32
                              : static_cast<std::uint32_t>(number);
}

void ZipWriter::write_local(const Entry& entry) {
  std::string extras;
  if (entry.size >= wide_from_)
    extras = extra(zip::zip64_field, little(entry.size, entry.size));
  constexpr std::size_t fixed = 30;
  constexpr std::size_t field_head = 4;
  const auto unpadded =
      offset_ + fixed + entry.name.size() + extras.size() + field_head;
  const auto padding = (alignment - unpadded % alignment) % alignment;
  extras += extra(padding_field, std::string(padding, 'Z'));
  const auto size = narrow(entry.size);
  const auto head = little(zip::local_signature, version, zip::utf8_flag,
                           zip::stored, std::uint16_t{0}, date, entry.crc, size,
                           size, static_cast<std::uint16_t>(entry.name.size()),
                           static_cast<std::uint16_t>(extras.size())) +
                    entry.name + extras;
  write(as_bytes(head));
}

std::string ZipWriter::central(const Entry& entry) const {
  std::string wide;
  if (entry.size >= wide_from_) wide += little(entry.size, entry.size);
  if (entry.offset >= wide_from_) wide += little(entry.offset);
  if (!wide.empty()) wide = extra(zip::zip64_field, wide);
  const auto size = narrow(entry.size);
  return little(zip::central_signature, version, version, zip::utf8_flag,
                zip::stored, std::uint16_t{0}, date, entry.crc, size, size,
                static_cast<std::uint16_t>(entry.name.size()),
                static_cast<std::uint16_t>(wide.size()),
                std::uint16_t{0},                    // comment
                std::uint16_t{0},                    // disk
                std::uint16_t{0}, std::uint32_t{0},  // attributes
                narrow(entry.offset)) +
         entry.name + wide;
}

// The zip64 end record is always there, as in PyTorch's archives: one way for
// small and large.
void ZipWriter::finish() {
  const auto begin = offset_;
  for (const auto& entry : entries_) write(as_bytes(central(entry)));
  const auto size = offset_ - begin;
  const std::uint64_t count = entries_.size();
  const auto end64 = offset_;
  const auto short_count = static_cast<std::uint16_t>(
      std::min<std::uint64_t>(count, zip::elsewhere16));
  const auto tail =
      little(zip::end64_signature, std::uint64_t{zip::end64_bytes - 12},
             version, version, std::uint32_t{0}, std::uint32_t{0}, count, count,
             size, begin) +
      little(zip::locator64_signature, std::uint32_t{0}, end64,
             std::uint32_t{1}) +
      little(zip::end_signature, std::uint16_t{0}, std::uint16_t{0},
             short_count, short_count, narrow(size), narrow(begin),
             std::uint16_t{0});
  write(as_bytes(tail));
}

}  // namespace igrot

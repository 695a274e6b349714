#include "text/byte_pairs.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <string>
#include <unordered_map>

#include "base/fail.h"
#include "text/unicode.h"

namespace igrot::text {
namespace {

constexpr std::string_view file = "CLIP's merges";
constexpr std::string_view word_end = "</w>";
constexpr std::uint16_t no_id = std::numeric_limits<std::uint16_t>::max();

// The start of what `compressed` unpacks to. The merges in use are the first
// half megabyte of three.
std::string unpack_start(Bytes compressed, std::size_t size) {
  z_stream stream{};
  constexpr int gzip_window_bits = 15 + 16;
  if (inflateInit2(&stream, gzip_window_bits) != Z_OK)
    fail(ErrorKind::corrupt, "{}: zlib does not start", file);
  std::string text(size, '\0');
  const std::string_view input = as_text(compressed);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(size);
  const int status = inflate(&stream, Z_SYNC_FLUSH);
  text.resize(size - stream.avail_out);
  inflateEnd(&stream);
  if (status != Z_OK && status != Z_STREAM_END)
    fail(ErrorKind::corrupt, "{}: zlib says {}", file, status);
  return text;
}

// The id of each byte: those that print in Latin-1 come first, the rest after
// them.
constexpr std::array<std::uint16_t, 256> byte_ids = [] {
  std::array<std::uint16_t, 256> ids{};
  const auto prints = [](unsigned byte) {
    return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte != 0xAD);
  };
  std::uint16_t next = 0;
  for (const bool printing : {true, false})
    for (unsigned byte = 0; byte < 256; ++byte)
      if (prints(byte) == printing) ids[byte] = next++;
  return ids;
}();

// How the file writes a byte: as the character of its number if that prints,
// else as U+0100 and on.
char32_t byte_character(unsigned byte) {
  constexpr unsigned printing = 188;
  const unsigned id = byte_ids[byte];
  return id < printing ? byte : 0x100 + (id - printing);
}

// The symbols by how the file writes them.
class Spellings {
 public:
  explicit Spellings(std::size_t longest_bytes) {
    text_.reserve(longest_bytes);  // must not move: the keys are views of it
    ids_.reserve(BytePairs::size);
    for (unsigned byte = 0; byte < 256; ++byte) {
      std::string character;
      append_utf8(character, byte_character(byte));
      add(character, "", byte_ids[byte]);
      add(character, word_end,
          static_cast<std::uint16_t>(byte_ids[byte] + 256));
    }
  }

  void add(std::string_view left, std::string_view right, std::uint16_t id) {
    const std::size_t start = text_.size();
    text_.append(left).append(right);
    ids_.emplace(std::string_view(text_).substr(start), id);
  }

  std::uint16_t operator[](std::string_view symbol) const {
    const auto found = ids_.find(symbol);
    if (found == ids_.end())
      fail(ErrorKind::corrupt, "{}: '{}' is used before it is made", file,
           symbol);
    return found->second;
  }

 private:
  std::string text_;
  std::unordered_map<std::string_view, std::uint16_t> ids_;
};

// Takes the next line off `text`.
std::string_view next_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == text.npos) fail(ErrorKind::corrupt, "{}: ends early", file);
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

}  // namespace

BytePairs::BytePairs(Bytes merges) {
  constexpr std::size_t table_size = std::size_t{1} << 17;
  constexpr std::size_t unpacked_size = 600'000;  // 524,645 are needed
  constexpr std::size_t byte_spellings_size = 4096;
  merges_.assign(table_size, Merge{0, no_id});
  const std::string text = unpack_start(merges, unpacked_size);
  Spellings ids(text.size() + byte_spellings_size);
  std::string_view rest = text;
  next_line(rest);  // a version
  for (std::size_t i = 0; i < merge_count; ++i) {
    const std::string_view line = next_line(rest);
    const std::size_t space = line.find(' ');
    if (space == line.npos)
      fail(ErrorKind::corrupt, "{}: line {} has no pair", file, i + 2);
    const auto left = line.substr(0, space);
    const auto right = line.substr(space + 1);
    const auto id = static_cast<Id>(512 + i);
    insert(ids[left], ids[right], id);
    ids.add(left, right, id);
  }
}

namespace {

std::uint32_t pair_key(std::uint16_t left, std::uint16_t right) {
  return static_cast<std::uint32_t>(left) << 16 | right;
}

std::size_t first_slot(std::uint32_t pair, std::size_t table_size) {
  const std::uint64_t mixed =
      pair * 0x9E3779B97F4A7C15U;  // 2^64 / golden ratio
  return static_cast<std::size_t>(mixed >> 40) & (table_size - 1);
}

}  // namespace

void BytePairs::insert(Id left, Id right, Id id) {
  const std::uint32_t pair = pair_key(left, right);
  std::size_t slot = first_slot(pair, merges_.size());
  while (merges_[slot].id != no_id) slot = (slot + 1) & (merges_.size() - 1);
  merges_[slot] = {pair, id};
}

BytePairs::Id BytePairs::merged(Id left, Id right) const {
  const std::uint32_t pair = pair_key(left, right);
  std::size_t slot = first_slot(pair, merges_.size());
  while (merges_[slot].id != no_id && merges_[slot].pair != pair)
    slot = (slot + 1) & (merges_.size() - 1);
  return merges_[slot].id;
}

// A word while its pairs are being merged: a linked list of symbols, and a heap
// of the pairs that can be merged, by rank and then by place. A merge makes
// entries out of date; they are told by their symbols.
class BytePairs::Word {
 public:
  Word(const BytePairs& pairs, std::string_view bytes) : pairs_(pairs) {
    symbols_.reserve(bytes.size());
    for (const char byte : bytes) {
      const auto place = static_cast<std::uint32_t>(symbols_.size());
      symbols_.push_back(
          {place - 1, place + 1, byte_ids[static_cast<std::uint8_t>(byte)]});
    }
    symbols_.back().id = static_cast<Id>(symbols_.back().id + 256);
    for (std::uint32_t i = 0; i + 1 < symbols_.size(); ++i) add_candidate(i);
    std::make_heap(candidates_.begin(), candidates_.end(), std::greater<>());
  }

  void merge_all() {
    while (!candidates_.empty()) {
      const Id id = candidates_.front().id;
      changed_.clear();
      // All places of a pair are merged, from the left, before any pair that
      // this makes.
      while (!candidates_.empty() && candidates_.front().id == id) {
        const std::uint32_t place = candidates_.front().place;
        std::pop_heap(candidates_.begin(), candidates_.end(), std::greater<>());
        candidates_.pop_back();
        if (merged_at(place) == id) merge(place, id);
      }
      for (const std::uint32_t place : changed_) add_neighbours(place);
    }
  }

  void append_to(std::vector<std::int32_t>& ids) const {
    for (std::size_t i = 0; i < symbols_.size(); i = symbols_[i].next)
      ids.push_back(symbols_[i].id);
  }

 private:
  struct Symbol {
    std::uint32_t previous;  // 2^32 - 1 before the first
    std::uint32_t next;
    Id id;  // no_id once merged into the symbol before
  };
  struct Candidate {
    Id id;
    std::uint32_t place;
    auto operator<=>(const Candidate&) const = default;
  };

  Id merged_at(std::uint32_t place) const {
    if (place >= symbols_.size()) return no_id;
    const Symbol& left = symbols_[place];
    if (left.id == no_id || left.next >= symbols_.size()) return no_id;
    return pairs_.merged(left.id, symbols_[left.next].id);
  }

  bool add_candidate(std::uint32_t place) {
    const Id id = merged_at(place);
    if (id == no_id) return false;
    candidates_.push_back({id, place});
    return true;
  }

  void merge(std::uint32_t place, Id id) {
    Symbol& left = symbols_[place];
    Symbol& right = symbols_[left.next];
    right.id = no_id;
    left.id = id;
    left.next = right.next;
    if (left.next < symbols_.size()) symbols_[left.next].previous = place;
    changed_.push_back(place);
  }

  void add_neighbours(std::uint32_t place) {
    for (const std::uint32_t left : {symbols_[place].previous, place})
      if (add_candidate(left))
        std::push_heap(candidates_.begin(), candidates_.end(),
                       std::greater<>());
  }

  const BytePairs& pairs_;
  std::vector<Symbol> symbols_;
  std::vector<Candidate> candidates_;
  std::vector<std::uint32_t> changed_;
};

void BytePairs::encode(std::string_view word,
                       std::vector<std::int32_t>& ids) const {
  constexpr std::size_t longest_word = std::size_t{1} << 18;
  if (word.empty()) return;
  Word symbols(*this, word.substr(0, longest_word));
  symbols.merge_all();
  symbols.append_to(ids);
}

}  // namespace igrot::text

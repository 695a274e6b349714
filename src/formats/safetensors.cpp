// safetensors: the length of a JSON header as 64 bits, the header, the data.
// The header maps names to {"dtype", "shape", "data_offsets"}; the ranges must
// tile the data exactly. After the format description and the checks of the
// reference library; stricter in that no name may come twice.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>

#include "formats/foreign_text.h"
#include "formats/limits.h"
#include "formats/readers.h"

namespace igrot {
namespace {

constexpr std::string_view metadata_name = "__metadata__";

/// One entry of the header, fields as they come.
struct Entry {
  std::string name;
  std::optional<DType> dtype;
  std::optional<Shape> shape;
  std::optional<std::vector<std::size_t>> offsets;
};

DType find_dtype(std::string_view name) {
  const auto row = std::ranges::find(dtypes, name, &DTypeRow::safetensors);
  if (row == dtypes.end())
    fail(ErrorKind::unsupported, "dtype {}", in_quotes(name));
  return row->dtype;
}

/// Takes the JSON as it is parsed, so that nothing is stored that does not
/// belong: deeper nesting, other types, other fields end the parse.
class HeaderHandler : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::vector<Entry> entries;
  std::map<std::string, std::string> metadata;

  bool start_object(std::size_t) override;
  bool key(string_t& name) override;
  bool end_object() override;
  bool start_array(std::size_t) override;
  bool end_array() override;
  bool number_unsigned(number_unsigned_t number) override;
  bool string(string_t& text) override;

  bool null() override { misplaced("null"); }
  bool boolean(bool) override { misplaced("a bool"); }
  bool number_integer(number_integer_t) override {
    misplaced("a negative number");
  }
  bool number_float(number_float_t, const string_t&) override {
    misplaced("a number that is no integer of 64 bits");
  }
  bool binary(binary_t&) override { misplaced("binary"); }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    fail(ErrorKind::corrupt, "header: not JSON at byte {}", position);
  }

 private:
  enum class Place {
    before,
    top,
    entry,
    metadata,
    dtype,
    shape,
    offsets,
    shape_items,
    offset_items,
    after
  };

  [[noreturn]] void misplaced(std::string_view what) const;
  [[noreturn]] void twice(std::string_view name) const;
  void open_field(std::string_view name);
  void add(std::vector<std::size_t>& numbers, std::size_t number,
           std::size_t limit, std::string_view field) const;

  Place place_ = Place::before;
  std::string key_;
  std::set<std::string, std::less<>> names_;
};

void HeaderHandler::misplaced(std::string_view what) const {
  fail(ErrorKind::corrupt, "header: {} does not belong at {}", what,
       in_quotes(key_));
}

void HeaderHandler::twice(std::string_view name) const {
  fail(ErrorKind::corrupt, "header: {} comes twice", in_quotes(name));
}

bool HeaderHandler::start_object(std::size_t) {
  if (place_ == Place::before) {
    place_ = Place::top;
  } else if (place_ == Place::top && key_ == metadata_name) {
    place_ = Place::metadata;
  } else if (place_ == Place::top) {
    place_ = Place::entry;
    entries.push_back({key_, {}, {}, {}});
  } else {
    misplaced("an object");
  }
  return true;
}

bool HeaderHandler::key(string_t& name) {
  key_ = name;
  if (place_ == Place::top) {
    if (!names_.insert(name).second) twice(name);
    if (names_.size() > limits::tensors)
      fail(ErrorKind::unsupported, "more than {} tensors", limits::tensors);
  } else if (place_ == Place::entry) {
    open_field(name);
  } else if (place_ == Place::metadata) {
    if (metadata.contains(name)) twice(name);
    if (metadata.size() == limits::tensors)
      fail(ErrorKind::unsupported, "more than {} metadata entries",
           limits::tensors);
  } else {
    misplaced("a key");
  }
  return true;
}

void HeaderHandler::open_field(std::string_view name) {
  const auto& entry = entries.back();
  const auto open = [&](Place place, bool is_set) {
    if (is_set) twice(name);
    place_ = place;
  };
  if (name == "dtype") return open(Place::dtype, entry.dtype.has_value());
  if (name == "shape") return open(Place::shape, entry.shape.has_value());
  if (name == "data_offsets")
    return open(Place::offsets, entry.offsets.has_value());
  fail(ErrorKind::corrupt, "header: tensor {} has a field {}",
       in_quotes(entry.name), in_quotes(name));
}

bool HeaderHandler::end_object() {
  if (place_ == Place::entry) {
    const auto& entry = entries.back();
    if (!entry.dtype || !entry.shape || !entry.offsets)
      fail(ErrorKind::corrupt, "header: tensor {} has no {}",
           in_quotes(entry.name),
           !entry.dtype   ? "dtype"
           : !entry.shape ? "shape"
                          : "data_offsets");
    place_ = Place::top;
  } else if (place_ == Place::metadata) {
    place_ = Place::top;
  } else if (place_ == Place::top) {
    place_ = Place::after;
  } else {
    misplaced("the end of an object");
  }
  return true;
}

bool HeaderHandler::start_array(std::size_t) {
  if (place_ == Place::shape) {
    place_ = Place::shape_items;
    entries.back().shape.emplace();
  } else if (place_ == Place::offsets) {
    place_ = Place::offset_items;
    entries.back().offsets.emplace();
  } else {
    misplaced("an array");
  }
  return true;
}

bool HeaderHandler::end_array() {
  place_ = Place::entry;
  return true;
}

void HeaderHandler::add(std::vector<std::size_t>& numbers, std::size_t number,
                        std::size_t limit, std::string_view field) const {
  if (numbers.size() == limit)
    fail(ErrorKind::corrupt, "header: tensor {} has more than {} numbers in {}",
         in_quotes(entries.back().name), limit, field);
  numbers.push_back(number);
}

bool HeaderHandler::number_unsigned(number_unsigned_t number) {
  if (place_ == Place::shape_items) {
    add(*entries.back().shape, number, limits::rank, "shape");
  } else if (place_ == Place::offset_items) {
    add(*entries.back().offsets, number, 2, "data_offsets");
  } else {
    misplaced("a number");
  }
  return true;
}

bool HeaderHandler::string(string_t& text) {
  if (place_ == Place::dtype) {
    at("header: tensor " + in_quotes(entries.back().name),
       [&] { entries.back().dtype = find_dtype(text); });
    place_ = Place::entry;
  } else if (place_ == Place::metadata) {
    metadata.emplace(key_, text);
  } else {
    misplaced("a text");
  }
  return true;
}

// The parser would skip a byte order mark and stop at a NUL; the format allows
// neither.
HeaderHandler parse_header(std::string_view header) {
  if (!header.starts_with('{'))
    fail(ErrorKind::corrupt, "header: starts with {}, expected a brace",
         in_quotes(header.substr(0, 4)));
  if (header.find('\0') != std::string_view::npos)
    fail(ErrorKind::corrupt, "header: holds a NUL");
  HeaderHandler handler;
  nlohmann::json::sax_parse(header.begin(), header.end(), &handler);
  return handler;
}

/// No hole, no overlap, nothing left over.
void check_tiling(const std::vector<Entry>& entries, std::size_t data_size) {
  std::vector<const Entry*> sorted;
  for (const auto& entry : entries) sorted.push_back(&entry);
  std::ranges::sort(sorted, {}, [](const Entry* entry) {
    return std::pair((*entry->offsets)[0], (*entry->offsets)[1]);
  });
  std::size_t end = 0;
  for (const auto* entry : sorted) {
    if ((*entry->offsets)[0] != end)
      fail(ErrorKind::corrupt, "tensor {} starts at byte {}, expected {}",
           in_quotes(entry->name), (*entry->offsets)[0], end);
    end = (*entry->offsets)[1];
  }
  if (end != data_size)
    fail(ErrorKind::corrupt, "the tensors end at byte {} of {}", end,
         data_size);
}

// A storage of its own for each tensor: ranges need not be aligned to elements.
StoredTensor make_tensor(const Entry& entry, const SharedFile& file,
                         Bytes data) {
  const auto& offsets = *entry.offsets;
  if (offsets.size() != 2)
    fail(ErrorKind::corrupt, "{} data_offsets, expected 2", offsets.size());
  const auto count = checked_count(*entry.shape, *entry.dtype);
  const auto expected = count * size_bytes(*entry.dtype);
  if (offsets[1] < offsets[0] || offsets[1] - offsets[0] != expected)
    fail(ErrorKind::corrupt, "data_offsets [{}, {}] for {} bytes", offsets[0],
         offsets[1], expected);
  const auto part = subspan(data, offsets[0], expected, "its range");
  return {std::make_shared<Storage>(file, Packed(part)), *entry.dtype,
          Layout{*entry.shape}};
}

}  // namespace

Contents read_safetensors(const SharedFile& file) {
  ByteReader reader(file->bytes(), "the file");
  const auto length = reader.little<std::uint64_t>();
  if (length > limits::safetensors_header_bytes)
    fail(ErrorKind::corrupt, "a header of {} bytes, at most {} are allowed",
         length, limits::safetensors_header_bytes);
  auto header = parse_header(as_text(reader.take(length)));
  const auto data = reader.take(reader.left());

  Contents contents{Container::safetensors};
  contents.metadata = std::move(header.metadata);
  for (const auto& entry : header.entries) {
    at("tensor " + in_quotes(entry.name), [&] {
      contents.tensors.push_back({entry.name, make_tensor(entry, file, data)});
    });
  }
  check_tiling(header.entries, data.size());
  return contents;
}

}  // namespace igrot

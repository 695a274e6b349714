#include "formats/npy_header.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "formats/foreign_text.h"
#include "formats/limits.h"

namespace igrot {
namespace {

/// Element types as NumPy spells them; bfloat16 has no name there.
struct Description {
  DType dtype;
  std::string_view text;
};

constexpr std::array descriptions{
    Description{DType::f32, "<f4"},     Description{DType::f16, "<f2"},
    Description{DType::f64, "<f8"},     Description{DType::i64, "<i8"},
    Description{DType::i32, "<i4"},     Description{DType::i16, "<i2"},
    Description{DType::i8, "|i1"},      Description{DType::u8, "|u1"},
    Description{DType::boolean, "|b1"}, Description{DType::u16, "<u2"},
    Description{DType::u32, "<u4"},     Description{DType::u64, "<u8"},
};

/// Reads the literal {'descr': '<f4', 'fortran_order': False, 'shape': (2,)}.
class Literal {
 public:
  explicit Literal(std::string_view text) : text_(text) {}

  NpyHeader parse();

 private:
  void parse_field();
  void skip_space();
  bool take_if(std::string_view token);
  void take(std::string_view token);
  std::string_view take_quoted();
  std::size_t take_number();
  bool take_bool();
  Shape take_shape();
  DType take_dtype();

  std::string_view text_;
  std::optional<DType> dtype_;
  std::optional<bool> fortran_order_;
  std::optional<Shape> shape_;
};

void Literal::skip_space() {
  text_.remove_prefix(
      std::min(text_.find_first_not_of(" \t\r\n"), text_.size()));
}

bool Literal::take_if(std::string_view token) {
  skip_space();
  if (!text_.starts_with(token)) return false;
  text_.remove_prefix(token.size());
  return true;
}

void Literal::take(std::string_view token) {
  if (!take_if(token))
    fail(ErrorKind::corrupt, "npy header: expected {}, found {}", token,
         in_quotes(text_.substr(0, 20)));
}

std::string_view Literal::take_quoted() {
  const char quote = take_if("\"") ? '"' : '\'';
  if (quote == '\'') take("'");
  const auto length = text_.find(quote);
  if (length == std::string_view::npos)
    fail(ErrorKind::corrupt, "npy header: a text without an end");
  const auto result = text_.substr(0, length);
  text_.remove_prefix(length + 1);
  return result;
}

std::size_t Literal::take_number() {
  skip_space();
  std::size_t number = 0;
  const auto [end, error] =
      std::from_chars(text_.data(), text_.data() + text_.size(), number);
  if (error != std::errc())
    fail(ErrorKind::corrupt, "npy header: {} is no extent",
         in_quotes(text_.substr(0, 24)));
  text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
  take_if("L");  // Python 2 wrote long integers so
  return number;
}

bool Literal::take_bool() {
  if (take_if("True")) return true;
  take("False");
  return false;
}

Shape Literal::take_shape() {
  Shape shape;
  take("(");
  while (!take_if(")")) {
    if (shape.size() == limits::rank)
      fail(ErrorKind::unsupported, "npy header: more than {} dimensions",
           limits::rank);
    shape.push_back(take_number());
    if (!take_if(",")) {
      // (3) is a number in Python, not a tuple.
      if (shape.size() == 1)
        fail(ErrorKind::corrupt, "npy header: the shape is no tuple");
      take(")");
      break;
    }
  }
  return shape;
}

DType Literal::take_dtype() {
  skip_space();
  if (text_.starts_with('['))
    fail(ErrorKind::unsupported, "npy header: records");
  const auto text = take_quoted();
  const auto row = std::ranges::find(descriptions, text, &Description::text);
  if (row == descriptions.end())
    fail(ErrorKind::unsupported, "npy header: element type {}",
         in_quotes(text));
  return row->dtype;
}

void Literal::parse_field() {
  const auto key = take_quoted();
  take(":");
  if (key == "descr" && !dtype_) {
    dtype_ = take_dtype();
  } else if (key == "fortran_order" && !fortran_order_) {
    fortran_order_ = take_bool();
  } else if (key == "shape" && !shape_) {
    shape_ = take_shape();
  } else {
    fail(ErrorKind::corrupt, "npy header: {} does not belong there",
         in_quotes(key));
  }
}

NpyHeader Literal::parse() {
  take("{");
  while (!take_if("}")) {
    parse_field();
    if (!take_if(",")) {
      take("}");
      break;
    }
  }
  skip_space();
  if (!text_.empty())
    fail(ErrorKind::corrupt, "npy header: {} after its end",
         in_quotes(text_.substr(0, 20)));
  if (!dtype_ || !fortran_order_ || !shape_)
    fail(ErrorKind::corrupt,
         "npy header: descr, fortran_order or shape is "
         "missing");
  return {*dtype_, *shape_, *fortran_order_, 0};
}

}  // namespace

NpyHeader read_npy_header(Bytes file) {
  ByteReader reader(file, "npy header");
  if (as_text(reader.take(npy_magic.size())) != npy_magic)
    fail(ErrorKind::corrupt, "not an npy file");
  const auto major = reader.little<std::uint8_t>();
  const auto minor = reader.little<std::uint8_t>();
  if (major < 1 || major > 3 || minor != 0)
    fail(ErrorKind::unsupported, "npy version {}.{}", major, minor);
  const std::uint64_t length = major == 1 ? reader.little<std::uint16_t>()
                                          : reader.little<std::uint32_t>();
  if (length > limits::npy_header_bytes)
    fail(ErrorKind::corrupt, "npy header: {} bytes, at most {} are allowed",
         length, limits::npy_header_bytes);
  auto header = Literal(as_text(reader.take(length))).parse();
  header.size_bytes = reader.offset();
  return header;
}

std::string format_npy_header(DType dtype, const Shape& shape) {
  const auto row = std::ranges::find(descriptions, dtype, &Description::dtype);
  if (row == descriptions.end())
    fail(ErrorKind::usage, "npy has no {}", describe(dtype).name);
  if (shape.size() > limits::rank)
    fail(ErrorKind::usage, "npy: {} dimensions, at most {} are handled",
         shape.size(), limits::rank);
  std::string extents;
  for (const auto extent : shape) extents += fmt::format("{}, ", extent);
  const auto literal =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}",
                  row->text, extents);
  // A number has at most 20 digits; data starts at a multiple of 64.
  constexpr std::size_t fixed = 10 + 64;
  const auto total = (fixed + 22 * shape.size() + 63) / 64 * 64;
  std::string header(npy_magic);
  header += '\1';
  header += '\0';
  header += static_cast<char>((total - 10) & 0xFF);
  header += static_cast<char>((total - 10) >> 8);
  header += literal;
  header.resize(total - 1, ' ');
  return header + '\n';
}

}  // namespace igrot

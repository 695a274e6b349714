// Reads pickles from standard input and prints what each holds, or why it is
// refused, a line of JSON each: for comparison with Python's pickletools.
//
// A pickle comes as a byte (1 for TorchScript's dialect), its length (4 bytes,
// little endian) and its bytes.
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/fail.h"
#include "formats/pickle.h"

namespace {

using namespace igrot;
using Json = nlohmann::json;

std::string hex(Bytes bytes) {
  std::string text;
  for (const auto byte : bytes)
    text += fmt::format("{:02x}", static_cast<unsigned>(byte));
  return text;
}

/// A value as its kind and what it refers to.
struct AsJson {
  Json operator()(pickle::None) const { return {"none"}; }
  Json operator()(bool value) const { return {"bool", value}; }
  Json operator()(std::int64_t value) const {
    return {"int", std::to_string(value)};
  }
  Json operator()(const pickle::BigInteger& value) const {
    return {"long", hex(value.digits)};
  }
  Json operator()(double value) const {
    return {"float", hex(std::as_bytes(std::span(&value, 1)))};
  }
  Json operator()(const pickle::Text& text) const {
    return {"text", text.utf8};
  }
  Json operator()(const pickle::Tuple& tuple) const {
    return {"tuple", tuple.items};
  }
  Json operator()(const pickle::List& list) const {
    return {"list", list.items};
  }
  Json operator()(const pickle::Dict& dict) const {
    return {"dict", dict.entries};
  }
  Json operator()(const pickle::Global& global) const {
    return {"global", hex(as_bytes(global.module)), hex(as_bytes(global.name))};
  }
  Json operator()(const pickle::StorageId& id) const {
    return {"storage", describe(id.dtype).name, id.key, id.size};
  }
  Json operator()(const pickle::TensorView& view) const {
    return {"tensor", view.storage, view.sizes, view.strides, view.offset};
  }
  Json operator()(const pickle::Object& object) const {
    return {"object", object.type,
            object.built ? Json(object.state) : Json(nullptr)};
  }
};

Json answer(Bytes bytes, pickle::Dialect dialect) {
  try {
    const auto tree = pickle::read(bytes, dialect);
    auto values = Json::array();
    for (const auto& value : tree.values)
      values.push_back(std::visit(AsJson(), value));
    return {{"size", tree.size_bytes}, {"root", tree.root}, {"values", values}};
  } catch (const Error& error) {
    return {{"error", error.what()}, {"kind", describe(error.kind()).name}};
  }
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  std::array<char, 5> head;
  while (std::cin.read(head.data(), head.size())) {
    const auto size =
        load_little<std::uint32_t>(std::as_bytes(std::span(head)).subspan(1));
    std::string pickle(size, '\0');
    std::cin.read(pickle.data(), size);
    const auto dialect = head[0] == 1 ? pickle::Dialect::torchscript
                                      : pickle::Dialect::state_dict;
    std::cout << answer(as_bytes(pickle), dialect).dump() << std::endl;
  }
}

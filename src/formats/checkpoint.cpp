#include "formats/checkpoint.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "formats/foreign_text.h"
#include "formats/readers.h"

namespace igrot {
namespace {

bool starts_with(Bytes bytes, std::string_view start) {
  return as_text(bytes).starts_with(start);
}

bool is_zip(Bytes bytes) {
  return starts_with(bytes, "PK\3\4") || starts_with(bytes, "PK\5\6");
}

bool is_npy(Bytes bytes) {
  return starts_with(bytes, "\x93NUMPY");
}

// A safetensors header of 640 bytes starts as a pickle of protocol 2 does, but
// its third byte is zero, which is no opcode.
bool is_pickle(Bytes bytes) {
  return bytes.size() > 2 && bytes[0] == std::byte{0x80} &&
         bytes[1] <= std::byte{5} && bytes[2] != std::byte{0};
}

// The format has no signature: a length that fits, or the brace where the
// header starts.
bool is_safetensors(Bytes bytes) {
  if (bytes.size() < 8) return false;
  return load_little<std::uint64_t>(bytes) <= bytes.size() - 8 ||
         (bytes.size() > 8 && bytes[8] == std::byte{'{'});
}

struct Reader {
  bool (*recognises)(Bytes);
  Contents (*read)(const SharedFile&);
};

constexpr std::array readers{
    Reader{is_zip, read_torch_zip},
    Reader{is_npy, read_npy_contents},
    Reader{is_pickle, read_torch_legacy},
    Reader{is_safetensors, read_safetensors},
};

/// What else is found under a checkpoint's name.
struct Impostor {
  std::string_view start;
  std::string_view is;
};

constexpr std::array impostors{
    Impostor{"version https://git-lfs",
             "a Git LFS pointer, not the file it stands for (git lfs pull)"},
    Impostor{"<!DOCTYPE", "an HTML page"},
    Impostor{"<!doctype", "an HTML page"},
    Impostor{"<html", "an HTML page"},
    Impostor{"<?xml", "an XML document"},
    Impostor{"\x89HDF\r\n", "an HDF5 file"},
    Impostor{"\x1f\x8b", "a gzip file: unpack it first"},
    Impostor{"7z\xBC\xAF", "a 7z archive: unpack it first"},
    Impostor{"Rar!", "a RAR archive: unpack it first"},
    Impostor{"GGUF", "a GGUF file"},
};

[[noreturn]] void refuse(Bytes bytes) {
  if (bytes.empty()) fail(ErrorKind::corrupt, "the file is empty");
  for (const auto& row : impostors)
    if (starts_with(bytes, row.start))
      fail(ErrorKind::unsupported, "not a checkpoint: it is {}", row.is);
  const auto start =
      as_text(bytes.first(std::min<std::size_t>(8, bytes.size())));
  fail(ErrorKind::unsupported,
       "not a checkpoint in a known container (it starts with {})",
       in_quotes(start));
}

Contents read(const SharedFile& file) {
  for (const auto& row : readers)
    if (row.recognises(file->bytes())) return row.read(file);
  refuse(file->bytes());
}

}  // namespace

Checkpoint Checkpoint::open(const std::filesystem::path& path) {
  const SharedFile file = std::make_shared<ContainerFile>(
      ContainerFile{path.string(), MappedFile::open(path)});
  return at(file->name, [&] { return Checkpoint(read(file)); });
}

Checkpoint::Checkpoint(Contents contents)
    : contents_(std::make_shared<Contents>(std::move(contents))),
      by_name_(contents_->tensors.size()) {
  const auto name = [&](std::uint32_t i) -> std::string_view {
    return contents_->tensors[i].name;
  };
  std::iota(by_name_.begin(), by_name_.end(), 0U);
  std::ranges::sort(by_name_, {}, name);
  const auto twice = std::ranges::adjacent_find(by_name_, {}, name);
  if (twice != by_name_.end())
    fail(ErrorKind::corrupt, "two tensors are named {}",
         in_quotes(name(*twice)));
}

const StoredTensor* Checkpoint::find(std::string_view name) const {
  const auto& tensors = contents_->tensors;
  const auto found = std::ranges::lower_bound(
      by_name_, name, {},
      [&](std::uint32_t i) -> std::string_view { return tensors[i].name; });
  if (found == by_name_.end() || tensors[*found].name != name) return nullptr;
  return &tensors[*found].tensor;
}

}  // namespace igrot

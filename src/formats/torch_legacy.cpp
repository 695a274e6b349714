// Files of torch.save before PyTorch 1.6: five pickles (magic number, protocol,
// system, the object, the list of storage keys), then for each key the number
// of elements as int64 and the elements.
#include <map>
#include <string_view>

#include "formats/collector.h"
#include "formats/foreign_text.h"
#include "formats/readers.h"

namespace igrot {
namespace {

using pickle::Tree;

// 0x1950A86A20F9469CFC6C, little endian.
constexpr std::string_view magic("\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19");
constexpr std::int64_t protocol = 1001;

class LegacyFile {
 public:
  explicit LegacyFile(const SharedFile& file)
      : file_(file), rest_(file->bytes()) {}

  Contents read();

 private:
  using Types = std::map<std::string_view, const pickle::StorageId*>;

  Tree next_pickle();
  void check_magic();
  void check_protocol();
  void check_system();
  void read_storages(const Tree& object);
  void read_storage(std::string_view key, const Types& types);
  SharedStorage find_storage(const pickle::StorageId& id) const;

  SharedFile file_;
  Bytes rest_;
  std::map<std::string_view, SharedStorage> storages_;
};

Tree LegacyFile::next_pickle() {
  auto tree = pickle::read(rest_, pickle::Dialect::state_dict);
  rest_ = rest_.subspan(tree.size_bytes);
  return tree;
}

void LegacyFile::check_magic() {
  const auto tree = next_pickle();
  const auto* number = std::get_if<pickle::BigInteger>(&tree[tree.root]);
  if (!number || as_text(number->digits) != magic)
    fail(ErrorKind::unsupported,
         "not a checkpoint: a pickle without torch.save's magic number");
}

void LegacyFile::check_protocol() {
  const auto tree = next_pickle();
  const auto* number = std::get_if<std::int64_t>(&tree[tree.root]);
  if (!number || *number != protocol)
    fail(ErrorKind::unsupported, "torch.save's protocol is {}, expected {}",
         number ? std::to_string(*number) : "missing", protocol);
}

void LegacyFile::check_system() {
  const auto tree = next_pickle();
  const auto* system = std::get_if<pickle::Dict>(&tree[tree.root]);
  if (!system)
    fail(ErrorKind::corrupt, "the system's description is {}",
         pickle::describe(tree[tree.root]));
  for (const auto& [key, value] : system->entries) {
    const auto* name = std::get_if<pickle::Text>(&tree[key]);
    const auto* is_true = std::get_if<bool>(&tree[value]);
    if (name && name->utf8 == "little_endian" && (!is_true || !*is_true))
      fail(ErrorKind::unsupported, "byte order is not little endian");
  }
}

void LegacyFile::read_storage(std::string_view key, const Types& types) {
  const auto found = types.find(key);
  if (found == types.end())
    fail(ErrorKind::corrupt, "the object does not mention it");
  const auto& id = *found->second;
  ByteReader reader(rest_, "its block");
  const auto size = reader.little<std::uint64_t>();
  if (size != id.size)
    fail(ErrorKind::corrupt, "{} elements, expected {}",
         static_cast<std::int64_t>(size), id.size);
  const auto bytes =
      reader.take(checked_product(size, size_bytes(id.dtype), "its block"));
  rest_ = rest_.subspan(reader.offset());
  const auto storage = std::make_shared<Storage>(file_, Packed(bytes));
  if (!storages_.try_emplace(id.key, storage).second)
    fail(ErrorKind::corrupt, "it comes twice");
}

void LegacyFile::read_storages(const Tree& object) {
  Types types;
  for (const auto& value : object.values)
    if (const auto* id = std::get_if<pickle::StorageId>(&value))
      types.try_emplace(id->key, id);
  const auto tree = next_pickle();
  const auto* keys = std::get_if<pickle::List>(&tree[tree.root]);
  if (!keys)
    fail(ErrorKind::corrupt, "the storage keys are {}",
         pickle::describe(tree[tree.root]));
  for (const auto ref : keys->items) {
    const auto* key = std::get_if<pickle::Text>(&tree[ref]);
    if (!key)
      fail(ErrorKind::corrupt, "a storage key is {}",
           pickle::describe(tree[ref]));
    at("storage " + in_quotes(key->utf8),
       [&] { read_storage(key->utf8, types); });
  }
  if (!rest_.empty())
    fail(ErrorKind::corrupt, "{} bytes follow the last storage", rest_.size());
}

SharedStorage LegacyFile::find_storage(const pickle::StorageId& id) const {
  const auto found = storages_.find(id.key);
  if (found == storages_.end())
    fail(ErrorKind::corrupt, "its storage {} is missing", in_quotes(id.key));
  return found->second;
}

Contents LegacyFile::read() {
  check_magic();
  check_protocol();
  check_system();
  const auto object = next_pickle();
  read_storages(object);
  return collect_state(
      Container::torch_legacy, object,
      [&](const pickle::StorageId& id) { return find_storage(id); });
}

}  // namespace

Contents read_torch_legacy(const SharedFile& file) {
  return LegacyFile(file).read();
}

}  // namespace igrot

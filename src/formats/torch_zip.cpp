// Archives of torch.save and torch.jit.save. Everything lies in one folder of
// any name: data.pkl, data/KEY for each storage, and notes of the writer.
#include <string>

#include "formats/collector.h"
#include "formats/foreign_text.h"
#include "formats/readers.h"
#include "formats/torchscript.h"
#include "formats/zip.h"

namespace igrot {
namespace {

/// The folder with its slash. Torch refuses records outside it, and so do we:
/// what lies there is no part of the checkpoint.
std::string find_root(const ZipArchive& archive) {
  if (archive.records().empty())
    fail(ErrorKind::corrupt, "a zip archive without records");
  const auto first = archive.records().front().name;
  const auto root = first.substr(0, first.find('/') + 1);
  if (root.size() < 2)
    fail(ErrorKind::unsupported,
         "not a checkpoint: a zip archive with {} outside a folder",
         in_quotes(first));
  for (const auto& record : archive.records())
    if (!record.name.starts_with(root))
      fail(ErrorKind::corrupt, "record {} lies outside the folder {}",
           in_quotes(record.name), in_quotes(root));
  return std::string(root);
}

class TorchArchive {
 public:
  explicit TorchArchive(const SharedFile& file)
      : file_(file), archive_(file->bytes()), root_(find_root(archive_)) {}

  Contents read() const;

 private:
  bool has(std::string_view name) const {
    return archive_.find(root_ + std::string(name));
  }

  /// The record of that name below the root, or null.
  SharedStorage find(std::string_view name) const;

  void check_byte_order() const;
  SharedStorage find_storage(const pickle::StorageId& id) const;

  SharedFile file_;
  ZipArchive archive_;
  std::string root_;
};

SharedStorage TorchArchive::find(std::string_view name) const {
  const auto* record = archive_.find(root_ + std::string(name));
  if (!record) return nullptr;
  return std::make_shared<Storage>(file_, archive_.packed(*record));
}

void TorchArchive::check_byte_order() const {
  const auto record = find("byteorder");
  if (!record) return;
  const auto order = as_text(record->bytes());
  if (order != "little")
    fail(ErrorKind::unsupported, "byte order {}", in_quotes(order));
}

SharedStorage TorchArchive::find_storage(const pickle::StorageId& id) const {
  if (auto storage = find("data/" + std::string(id.key))) return storage;
  fail(ErrorKind::corrupt, "no record for its storage {}", in_quotes(id.key));
}

Contents TorchArchive::read() const {
  check_byte_order();
  const auto data = find("data.pkl");
  if (!data)
    fail(ErrorKind::unsupported,
         "not a checkpoint: a zip archive without data.pkl");
  const bool is_script = has("constants.pkl");
  const auto tree =
      pickle::read(data->bytes(), is_script ? pickle::Dialect::torchscript
                                            : pickle::Dialect::state_dict);
  const auto storages = [&](const pickle::StorageId& id) {
    return find_storage(id);
  };
  if (!is_script) return collect_state(Container::torch_zip, tree, storages);
  return collect_modules(tree, storages,
                         [&](std::string_view path) { return find(path); });
}

}  // namespace

Contents read_torch_zip(const SharedFile& file) {
  return TorchArchive(file).read();
}

}  // namespace igrot

#include "text/pieces/sentence_pieces.h"

#include <dlfcn.h>

#include <span>
#include <string>

#include "base/fail.h"
#include "base/file.h"
#include "text/pieces/vocabulary_file.h"

namespace igrot::text {
namespace {

namespace fs = std::filesystem;

/// The module in lib/igrot beside the program's folder, as it is installed and
/// built.
fs::path find_module() {
  constexpr std::string_view name = "lib/igrot/libigrot_sentencepiece.so";
  std::error_code error;
  const auto program = fs::read_symlink("/proc/self/exe", error);
  const auto path = program.parent_path().parent_path() / name;
  if (fs::is_regular_file(path, error)) return path;
  fail(ErrorKind::unsupported,
       "texts of SigLIP need SentencePiece, which is not in this build ({}, "
       "Debian's libsentencepiece-dev)",
       name);
}

const PiecesModule& load_module() {
  const auto path = find_module();
  void* handle = ::dlmopen(LM_ID_NEWLM, path.c_str(), RTLD_NOW | RTLD_LOCAL);
  const void* module = handle ? ::dlsym(handle, pieces_module_symbol) : nullptr;
  if (!module) {
    const char* why = ::dlerror();
    fail(ErrorKind::unsupported, "{}: cannot be loaded: {}", path.string(),
         why ? why : "");
  }
  return *static_cast<const PiecesModule*>(module);
}

/// Stays loaded: name spaces are few, and a model may outlive everything.
const PiecesModule& shared_module() {
  static const PiecesModule& loaded = load_module();
  return loaded;
}

void* load_model(const PiecesModule& module, std::span<const std::byte> bytes) {
  PiecesMessage message{};
  void* model = module.load(reinterpret_cast<const char*>(bytes.data()),
                            bytes.size(), &message);
  if (!model)
    fail(ErrorKind::corrupt, "is no SentencePiece model: {}", message.text);
  return model;
}

}  // namespace

SentencePieces::SentencePieces(const fs::path& vocabulary)
    : module_(shared_module()), model_(nullptr, module_.release) {
  const auto bytes = read_file(vocabulary, vocabulary_file_limit);
  at(vocabulary.string(), [&] {
    check_vocabulary_file(bytes);
    model_.reset(load_model(module_, bytes));
    vocabulary_ = module_.vocabulary(model_.get());
  });
}

std::vector<std::int32_t> SentencePieces::encode(std::string_view utf8,
                                                 std::size_t count) const {
  constexpr std::size_t longest_text = std::size_t{1} << 20;
  if (utf8.size() > longest_text)
    fail(ErrorKind::usage, "a text of {} bytes is over SigLIP's limit of {}",
         utf8.size(), longest_text);
  std::vector<std::int32_t> ids(count);
  PiecesMessage message{};
  const auto written = module_.encode(model_.get(), utf8.data(), utf8.size(),
                                      ids.data(), count, &message);
  if (written < 0)
    fail(ErrorKind::corrupt, "SentencePiece cannot cut the text: {}",
         message.text);
  ids.resize(static_cast<std::size_t>(written));
  return ids;
}

}  // namespace igrot::text

// Builds without the onnx library.
#include "base/fail.h"
#include "models/onnx_export.h"

namespace igrot {

bool has_onnx() {
  return false;
}

std::vector<std::filesystem::path> export_onnx(
    const std::filesystem::path&, const std::filesystem::path&,
    const std::optional<std::string>&, const Runtime&) {
  fail(ErrorKind::unsupported,
       "this build of igrot does not write ONNX: it was made without the onnx "
       "library (libonnx-dev)");
}

}  // namespace igrot

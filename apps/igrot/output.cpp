#include "output.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/fail.h"

namespace igrot::app {
namespace {

[[noreturn]] void fail_to_print() {
  fail(ErrorKind::io, "stdout: cannot write: {}", std::strerror(errno));
}

}  // namespace

std::string json_text(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

void print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
    fail_to_print();
}

void print_json(const Json& json, int indent) {
  print(json_text(json, indent) + "\n");
}

Json failure_line(const std::string& file, const Error& error) {
  return {{"file", file},
          {"error", error.what()},
          {"kind", describe(error.kind()).name}};
}

void flush_output() {
  if (std::fflush(stdout) != 0) fail_to_print();
}

}  // namespace igrot::app

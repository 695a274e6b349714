// Runs the real program and keeps what it said.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace igrot::app {

struct RunOptions {
  std::string input;  ///< stdin
  std::filesystem::path folder = ".";
  std::map<std::string, std::string> variables;

  /// SIGINT is sent once this text was seen on stderr; empty: never.
  std::string interrupt_after;

  /// SIGKILL is sent once this file has so many bytes; empty: never.
  std::filesystem::path kill_after_file = {};
  std::uintmax_t kill_after_bytes = 0;
};

struct Ran {
  int exit_code = -1;  ///< 128 + signal when one ended it
  std::string out;
  std::string err;
};

/// The program with an environment that holds nothing but HOME (a folder
/// without configuration) and `variables`.
Ran run(const std::vector<std::string>& arguments,
        const RunOptions& options = {});

}  // namespace igrot::app

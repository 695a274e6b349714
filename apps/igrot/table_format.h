// How tables are printed.
#pragma once

#include <array>
#include <CLI/CLI.hpp>

#include "choices.h"

namespace igrot::app {

enum class TableFormat { text, markdown, csv, json };

inline constexpr std::array table_formats{
    Named{TableFormat::text, "text"}, Named{TableFormat::markdown, "markdown"},
    Named{TableFormat::csv, "csv"}, Named{TableFormat::json, "json"}};

/// Of --format, which --json stands for. Throws Error: usage.
inline TableFormat table_format(const std::string& name, bool json) {
  return json ? TableFormat::json : choose(table_formats, name, "--format");
}

inline void offer_table_format(CLI::App& command, std::string& format) {
  command.add_option("--format", format, "what is printed [text]")
      ->type_name("text|markdown|csv|json");
}

}  // namespace igrot::app

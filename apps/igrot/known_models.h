// The table of models that other people publish and `igrot model fetch` knows
// how to get, one row each. The list, the fetching, `--model NAME`, the tests
// and docs/models.md walk it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace igrot::app {

/// One file of a model, as its publisher offers it.
struct KnownFile {
  std::string_view name;       ///< in the model's folder
  std::string_view address;    ///< http or https
  std::string_view sha256;     ///< 64 hexadecimal digits; empty: not published
  std::uint64_t size_bytes;    ///< 0: not published
  std::uint32_t about_mb = 0;  ///< where only a rounded size is; 0: neither
};

struct KnownModel {
  std::string_view name;     ///< what people write after --model
  std::string_view what;     ///< one line
  std::string_view layout;   ///< as docs/models.md names it
  std::string_view licence;  ///< SPDX; empty: its publisher states none
  std::string_view page;     ///< where its publisher tells about it
  /// Empty where no address gives the bytes to a program.
  std::span<const KnownFile> files;
  bool runs = true;  ///< whether igrot can load it
};

/// In the order they are listed.
std::span<const KnownModel> known_models();

/// The row of that name, or null.
const KnownModel* find_known_model(std::string_view name);

/// The row of that name. Throws Error: usage (there is none).
const KnownModel& known_model(std::string_view name);

}  // namespace igrot::app

// The picture options of the plumbing verbs. Their defaults are those of the
// reference and stand in no configuration file, so that a call means the same
// everywhere.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "igrot/image.h"

namespace igrot::app {

struct PictureOptions {
  std::string pad = "target";
  double ratio = 1.25;
  bool convert_first = false;
  bool exif = false;
  std::string alpha = "drop";
  std::string icc = "ignore";
  std::string decode = "exact";
};

/// Adds --pad, --ratio, --convert-first, --as-opened, --exif, --alpha, --icc
/// and
/// --decode, with the defaults that stand in `options`.
void offer_pictures(CLI::App& command, PictureOptions& options);

/// Adds --icc alone.
void offer_icc(CLI::App& command, std::string& icc);

/// Throws Error: usage, unsupported.
OpenOptions open_options(const PictureOptions& options);
Preprocess preprocess_of(const PictureOptions& options, Preprocess model);

/// The enumerators behind names of settings. Throw Error: usage.
Pad pad_named(const std::string& name);
Alpha alpha_named(const std::string& name);
Icc icc_named(const std::string& name);

}  // namespace igrot::app

#include "picture_options.h"

#include <algorithm>

#include "base/fail.h"

namespace igrot::app {

void offer_pictures(CLI::App& command, PictureOptions& options) {
  command.add_option("--pad", options.pad, "how pictures are padded [target]")
      ->type_name("target|square|none");
  command
      .add_option("--ratio", options.ratio,
                  "long to short side up to which `--pad target` adds nothing "
                  "[1.25]")
      ->type_name("X");
  const auto now = options.convert_first ? "yes" : "no";
  command.add_flag("--convert-first,!--as-opened", options.convert_first,
                   fmt::format("convert to RGB before padding [{}]", now));
  command.add_flag("--exif,!--no-exif", options.exif,
                   "turn pictures as their EXIF data say [no]");
  command
      .add_option("--alpha", options.alpha,
                  "what transparent pictures are put on [drop]: nothing")
      ->type_name("drop|white");
  command.add_option("--decode", options.decode, "how [exact]")
      ->type_name("exact");
}

Pad pad_named(const std::string& name) {
  const auto row = std::ranges::find(pads, name, &PadRow::name);
  if (row == pads.end())
    fail(ErrorKind::usage, "--pad is '{}', expected target, square or none",
         name);
  return row->pad;
}

Alpha alpha_named(const std::string& name) {
  if (name == "white") return Alpha::white;
  if (name == "drop") return Alpha::drop;
  fail(ErrorKind::usage, "--alpha is '{}', expected drop or white", name);
}

OpenOptions open_options(const PictureOptions& options) {
  if (options.decode == "fast")
    fail(ErrorKind::unsupported, "--decode fast is not in this build");
  if (options.decode != "exact")
    fail(ErrorKind::usage, "--decode is '{}', expected exact", options.decode);
  OpenOptions open;
  open.exif = options.exif ? Exif::rotate : Exif::ignore;
  return open;
}

Preprocess preprocess_of(const PictureOptions& options, std::size_t side) {
  Preprocess preprocess;
  preprocess.side = side;
  preprocess.pad = pad_named(options.pad);
  preprocess.ratio = options.ratio;
  preprocess.convert =
      options.convert_first ? Convert::first : Convert::as_opened;
  preprocess.alpha = alpha_named(options.alpha);
  return preprocess;
}

}  // namespace igrot::app

#include "picture_options.h"

#include <algorithm>

#include "base/fail.h"
#include "settings_table.h"

namespace igrot::app {

namespace {

/// A setting's help with another default: these verbs follow the reference and
/// read no configuration.
std::string help_of(std::string_view setting, std::string_view otherwise) {
  return fmt::format("{} [{}]", setting_row(setting).help, otherwise);
}

}  // namespace

void offer_pictures(CLI::App& command, PictureOptions& options) {
  const auto offer = [&](std::string_view setting, auto& value,
                         std::string_view type) {
    command
        .add_option("--" + std::string(setting), value,
                    help_of(setting, fmt::format("{}", value)))
        ->type_name(std::string(type));
  };
  const auto offer_flag = [&](std::string_view setting, bool& value) {
    const auto& row = setting_row(setting);
    command.add_flag(std::string(row.option), value,
                     help_of(setting, value ? "yes" : "no"));
  };
  offer("pad", options.pad, setting_row("pad").choices);
  offer("ratio", options.ratio, "X");
  offer_flag("convert-first", options.convert_first);
  offer_flag("exif", options.exif);
  offer("alpha", options.alpha, setting_row("alpha").choices);
  offer_icc(command, options.icc);
  offer("decode", options.decode, setting_row("decode").choices);
}

void offer_icc(CLI::App& command, std::string& icc) {
  command.add_option("--icc", icc, help_of("icc", icc))
      ->type_name(std::string(setting_row("icc").choices));
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

Icc icc_named(const std::string& name) {
  if (name == "ignore") return Icc::ignore;
  if (name == "apply") return Icc::apply;
  fail(ErrorKind::usage, "--icc is '{}', expected ignore or apply", name);
}

OpenOptions open_options(const PictureOptions& options) {
  if (options.decode == "fast")
    fail(ErrorKind::unsupported, "--decode fast is not in this build");
  if (options.decode != "exact")
    fail(ErrorKind::usage, "--decode is '{}', expected exact", options.decode);
  OpenOptions open;
  open.exif = options.exif ? Exif::rotate : Exif::ignore;
  open.icc = icc_named(options.icc);
  return open;
}

Preprocess preprocess_of(const PictureOptions& options, Preprocess model) {
  auto preprocess = model;
  preprocess.pad = pad_named(options.pad);
  preprocess.ratio = options.ratio;
  preprocess.convert =
      options.convert_first ? Convert::first : Convert::as_opened;
  preprocess.alpha = alpha_named(options.alpha);
  return preprocess;
}

}  // namespace igrot::app

// `igrot decode`: what a picture file holds, with hashes of its pixels.
#include <filesystem>

#include "base/ahead.h"
#include "base/fail.h"
#include "base/sha256.h"
#include "igrot/image.h"
#include "output.h"
#include "outputs.h"
#include "picture_options.h"
#include "verbs.h"

namespace igrot::app {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string rgb_folder;
  bool exif = false;
  std::string icc = "ignore";
};

Json describe_picture(const std::string& file, const Options& options,
                      const std::filesystem::path& png) {
  OpenOptions open;
  open.exif = options.exif ? Exif::rotate : Exif::ignore;
  open.icc = icc_named(options.icc);
  const auto image = Image::open(file, open);
  std::optional<Image> converted;
  if (image.mode() != Mode::rgb) converted = image.to_rgb();
  const auto& rgb = converted ? *converted : image;
  if (!options.rgb_folder.empty()) write_png(png, rgb);
  return {{"file", file},
          {"format", image.format()},
          {"mode", describe(image.mode()).name},
          {"width", image.width()},
          {"height", image.height()},
          {"sha256_native", sha256_hex(image.pixels())},
          {"sha256_rgb", sha256_hex(rgb.pixels())}};
}

void print_text(const Json& picture) {
  print(fmt::format(
      "{}: {} {} {} x {}\n", printable(picture["file"].get<std::string>()),
      picture["format"].get<std::string>(), picture["mode"].get<std::string>(),
      picture["width"].get<std::size_t>(),
      picture["height"].get<std::size_t>()));
}

int run(const Options& options, Session& session) {
  const auto names =
      options.rgb_folder.empty()
          ? std::vector<std::filesystem::path>(options.files.size())
          : output_names(options.files, options.rgb_folder, ".png");
  const auto threads = session.runtime().thread_count();
  Ahead<Json> pictures(
      options.files.size(), threads, 2 * threads, [&](std::size_t i) {
        return describe_picture(options.files[i], options, names[i]);
      });
  std::size_t skipped = 0;
  for (const auto& file : options.files) {
    if (session.stopped()) break;
    try {
      const auto picture = *pictures.next();
      session.json_lines ? print_json(picture) : print_text(picture);
    } catch (const Error& error) {
      if (!session.json_lines && options.files.size() == 1) throw;
      ++skipped;
      if (session.json_lines)
        print_json(failure_line(file, error));
      else
        session.warn(error.what());
    }
  }
  return session.exit_code(skipped);
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  command.add_option("FILES", options->files, "picture files")
      ->required()
      ->type_name("F...");
  command
      .add_option("--rgb", options->rgb_folder,
                  "write each picture's RGB pixels there as PNG")
      ->type_name("DIR");
  command.add_flag("--exif", options->exif,
                   "turn pictures as their EXIF data say [no]");
  offer_icc(command, options->icc);
  session.settings.offer(command, {"threads"});
  offer_json_lines(command, session);
  offer_strict(command, session);
  return [options, &session] { return run(*options, session); };
}

}  // namespace

constinit const Verb decode_verb{
    "decode", plumbing_section,
    "tells format, mode, size and pixel hashes of picture files",
    R"(  igrot decode a.jpg
  igrot decode *.png --jsonl --rgb decoded/)",
    declare};

}  // namespace igrot::app

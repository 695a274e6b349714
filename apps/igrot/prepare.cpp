// `igrot prepare`: pictures as a model sees them, as PNG and as numbers.
#include "base/ahead.h"
#include "base/fail.h"
#include "formats/npy.h"
#include "output.h"
#include "outputs.h"
#include "picture_options.h"
#include "verbs.h"

namespace igrot::app {
namespace {

struct Options {
  std::vector<std::string> files;
  std::size_t side = 0;
  PictureOptions pictures{.convert_first = true};
  std::string out;
  bool npy = false;
};

struct Prepared {
  std::filesystem::path png;
  std::filesystem::path npy;
};

Prepared prepare_file(const std::string& file, const Options& options,
                      const std::filesystem::path& png) {
  const auto image = Image::open(file, open_options(options.pictures));
  const auto preprocess =
      preprocess_of(options.pictures, {.side = options.side});
  return at(file, [&] {
    const auto rgb = prepare_rgb(image, preprocess);
    write_png(png, rgb);
    if (!options.npy) return Prepared{png, {}};
    Tensor pixels({3, options.side, options.side});
    normalize_into(rgb, preprocess, pixels.values());
    auto npy = png;
    npy.replace_extension(".npy");
    write_npy(npy, pixels);
    return Prepared{png, npy};
  });
}

void print_result(const std::string& file, const Prepared& prepared,
                  const Session& session) {
  if (!session.json_lines)
    return print(printable(prepared.png.string()) + "\n");
  Json line{{"file", file}, {"png", prepared.png.string()}};
  if (!prepared.npy.empty()) line["npy"] = prepared.npy.string();
  print_json(line);
}

void report_failure(const std::string& file, const Error& error,
                    const Session& session) {
  session.warn(error.what());
  if (session.json_lines) print_json(failure_line(file, error));
}

int run(const Options& options, Session& session) {
  open_options(options.pictures);
  preprocess_of(options.pictures, {.side = options.side});
  const auto names = output_names(options.files, options.out, ".png");
  const auto threads = session.runtime().thread_count();
  auto bar = session.bar("preparing");
  Ahead<Prepared> pictures(
      options.files.size(), threads, 2 * threads, [&](std::size_t i) {
        return prepare_file(options.files[i], options, names[i]);
      });
  std::size_t skipped = 0;
  for (std::size_t i = 0; i < names.size() && !session.stopped(); ++i) {
    try {
      print_result(options.files[i], *pictures.next(), session);
    } catch (const Error& error) {
      if (names.size() == 1 && !session.json_lines) throw;
      ++skipped;
      bar.clear();
      report_failure(options.files[i], error, session);
    }
    bar.show(i + 1, names.size());
  }
  return session.exit_code(skipped);
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  command.add_option("FILES", options->files, "picture files")
      ->required()
      ->type_name("F...");
  command.add_option("--side", options->side, "pixels of the square, one way")
      ->required()
      ->type_name("N");
  offer_pictures(command, options->pictures);
  command.add_option("--out", options->out, "folder of the results")
      ->required()
      ->type_name("DIR");
  command.add_flag("--npy", options->npy,
                   "also write the normalised [3, N, N] float32 numbers");
  session.settings.offer(command, {"threads"});
  offer_json_lines(command, session);
  offer_strict(command, session);
  return [options, &session] { return run(*options, session); };
}

}  // namespace

constinit const Verb prepare_verb{
    "prepare", plumbing_section, "cuts pictures to the square a model sees",
    R"(  igrot prepare a.jpg --side 224 --pad target --out prepared/
  igrot prepare *.png --side 64 --as-opened --npy --out prepared/)",
    declare};

}  // namespace igrot::app

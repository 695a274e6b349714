#include "dry_run.h"

#include "base/fail.h"
#include "exit_codes.h"
#include "output.h"
#include "outputs.h"
#include "train/dry_run.h"
#include "train/model_start.h"
#include "train/sample_sheet.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t missing_shown = 10;

/// Everything that is told.
struct Findings {
  DryRun run;
  std::size_t side = 0;     ///< of the model's pictures
  std::size_t numbers = 0;  ///< of the model
  std::size_t drawn = 0;    ///< tensors that no checkpoint brings
  fs::path sheet;           ///< empty: none
};

Findings look(const Session& session, const TrainConfig& config) {
  const auto model = start_model(config, session.runtime());
  Findings found{.run = {},
                 .side = model.config.towers.side(),
                 .numbers = 0,
                 .drawn = model.drawn,
                 .sheet = {}};
  for (const auto& [name, tensor] : model.tensors)
    found.numbers += tensor.size();
  auto bar = session.bar("looking for pictures");
  found.run = inspect_training(config, [&](std::size_t done, std::size_t all) {
    bar.show(done, all);
    return !session.stopped();
  });
  return found;
}

Json json_of(const PictureCheck& check) {
  auto missing = Json::array();
  for (const auto& path : check.missing) missing.push_back(path.string());
  return {{"different", check.different}, {"missing", missing}};
}

Json json_of(const Findings& found) {
  const auto& run = found.run;
  Json all{{"samples", run.samples.list.size()},
           {"batches", run.batches},
           {"steps", run.steps},
           {"pictures", json_of(run.pictures)},
           {"wordless", run.wordless},
           {"validation", nullptr},
           {"model",
            {{"side", found.side},
             {"numbers", found.numbers},
             {"drawn", found.drawn}}},
           {"sheet", found.sheet.empty() ? Json() : Json(found.sheet.string())},
           {"interrupted", run.interrupted}};
  if (run.validation)
    all["validation"] = {{"queries", run.validation->queries.size()},
                         {"gallery", run.validation->gallery.size()},
                         {"pictures", json_of(run.validation_pictures)}};
  return all;
}

void print_pictures(const PictureCheck& check) {
  print(fmt::format("  {} different pictures, {} missing\n", check.different,
                    check.missing.size()));
  for (std::size_t i = 0; i < check.missing.size(); ++i) {
    if (i == missing_shown) {
      print(fmt::format("  ... and {} more\n", check.missing.size() - i));
      break;
    }
    print(fmt::format("  missing: {}\n", printable(check.missing[i].native())));
  }
}

void print_text(const Findings& found, const TrainConfig& config) {
  const auto& run = found.run;
  print(fmt::format(
      "model: {} numbers, {} tensors drawn anew, pictures of {} x {}\n",
      found.numbers, found.drawn, found.side, found.side));
  print(fmt::format("training: {} samples of {}\n", run.samples.list.size(),
                    printable(run.samples.name)));
  print(fmt::format("  batches of {}: {} an epoch, {} steps in all\n",
                    config.train.batch_size, run.batches, run.steps));
  print_pictures(run.pictures);
  if (!run.wordless.empty())
    print(fmt::format("  {} samples without words; the first is sample {}\n",
                      run.wordless.size(), run.wordless.front() + 1));
  if (run.validation) {
    print(fmt::format("validation: {} queries, a gallery of {}, of {}\n",
                      run.validation->queries.size(),
                      run.validation->gallery.size(),
                      printable(run.validation->name)));
    print_pictures(run.validation_pictures);
  }
  if (!found.sheet.empty())
    print(fmt::format("samples: {}\n", printable(found.sheet.native())));
}

}  // namespace

int run_dry(const Session& session, const TrainConfig& config,
            const fs::path& out) {
  auto found = look(session, config);
  if (found.run.batches == 0)
    fail(ErrorKind::usage, "{} samples are less than train.batch_size, {}",
         found.run.samples.list.size(), config.train.batch_size);
  if (!out.empty() && !session.stopped()) {
    make_folder(out);
    found.sheet = out / "sheet.html";
    write_sample_sheet(found.sheet, config, found.run.samples,
                       {.side = found.side, .runtime = session.runtime()});
  }
  if (session.json)
    print_json(json_of(found), 1);
  else
    print_text(found, config);
  return session.exit_code(found.run.pictures.missing.size() +
                           found.run.validation_pictures.missing.size());
}

}  // namespace igrot::app

#include "train/run_log.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/fail.h"
#include "base/file.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// Leaves the first `steps` complete lines.
void cut_lines(const fs::path& path, std::size_t steps) {
  std::ifstream in(path);
  if (!in) return;
  AtomicFile out(path);
  std::string line;
  for (std::size_t i = 0; i < steps && std::getline(in, line); ++i)
    out.write(line + "\n");
  out.commit();
}

std::ofstream open_lines(const fs::path& path, std::size_t steps) {
  cut_lines(path, steps);
  return std::ofstream(path, std::ios::app);
}

}  // namespace

RunLog::RunLog(const fs::path& folder, std::size_t steps_done)
    : path_(folder / "steps.jsonl"),
      lines_(open_lines(path_, steps_done)),
      events_(folder, steps_done) {
  if (!lines_) fail(ErrorKind::io, "{}: cannot be written", path_.string());
}

void RunLog::step(const StepRecord& r) {
  const Json line{{"step", r.step},
                  {"loss", r.loss},
                  {"grad_norm", r.grad_norm},
                  {"lr_new", r.lr_new},
                  {"lr_backbone", r.lr_backbone},
                  {"samples_per_second", r.samples_per_second},
                  {"seconds", r.seconds},
                  {"waiting_seconds", r.waiting_seconds}};
  lines_ << line.dump() << '\n' << std::flush;
  if (!lines_) fail(ErrorKind::io, "{}: cannot be written", path_.string());
  const std::array<std::pair<std::string, float>, 5> values{
      {{"train/loss", static_cast<float>(r.loss)},
       {"train/grad_norm", static_cast<float>(r.grad_norm)},
       {"train/lr_new", static_cast<float>(r.lr_new)},
       {"train/lr_backbone", static_cast<float>(r.lr_backbone)},
       {"train/samples_per_second", static_cast<float>(r.samples_per_second)}}};
  scalars(r.step, values);
}

void RunLog::scalars(std::size_t step,
                     std::span<const std::pair<std::string, float>> values) {
  events_.scalars(step, values);
}

}  // namespace igrot

#include "data/training_set.h"

#include <algorithm>
#include <array>

#include "base/fail.h"
#include "data/readers.h"

namespace igrot {
namespace {

constexpr std::array rows{
    TrainingSetRow{"llavasco", "LaSCo's photos with LLaVA's captions",
                   read_llavasco},
    TrainingSetRow{"laion-template", "LAION-CIR, words from templates",
                   read_laion_template},
    TrainingSetRow{"laion-llm", "LAION-CIR, words from a language model",
                   read_laion_llm},
    TrainingSetRow{"laion-combined", "LAION-CIR, both kinds of words",
                   read_laion_combined},
    TrainingSetRow{"sketchy", "Training-Sketchy: a sketch, a photo of its kind",
                   read_sketchy},
};

}  // namespace

std::span<const TrainingSetRow> training_sets() {
  return rows;
}

TripletSet read_training_set(std::string_view name,
                             const std::filesystem::path& root, bool llava) {
  const auto row = std::ranges::find(rows, name, &TrainingSetRow::name);
  if (row != rows.end())
    return row->read(std::filesystem::absolute(root), llava);
  std::string known;
  for (const auto& each : rows)
    known += (known.empty() ? "" : ", ") + std::string(each.name);
  fail(ErrorKind::usage, "no training set '{}'; known are {}", name, known);
}

}  // namespace igrot

// How long the metrics of a benchmark of drawings take once every vector is
// there: the ranking alone, as `igrot eval` does it.
//
// ranking_bench QUERIES.npy GALLERY.npy QUERY-CLASSES.npy GALLERY-CLASSES.npy
//   THREADS: rows of float32, a class number each (float32). Prints JSON.
#include <fmt/format.h>
#include <sys/resource.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <map>
#include <vector>

#include "eval/answer_places.h"
#include "formats/npy.h"

namespace igrot {
namespace {

constexpr std::size_t block_questions = 4096;
constexpr std::array printed{"P@100", "P@200", "mAP trapezoidal"};

std::vector<EvalQuestion> questions_of(const Tensor& classes,
                                       const Tensor& gallery_classes) {
  std::map<float, std::vector<std::size_t>> rows;
  for (std::size_t i = 0; i < gallery_classes.size(); ++i)
    rows[gallery_classes.values()[i]].push_back(i);
  std::map<float, SharedRows> shared;
  for (auto& [number, list] : rows) shared[number] = SharedRows(list);
  std::vector<EvalQuestion> questions;
  for (const auto number : classes.values()) {
    EvalQuestion question;
    question.relevant = shared[number];
    questions.push_back(question);
  }
  return questions;
}

void run(char** arguments) {
  const auto queries = read_npy_f32(arguments[1]);
  const auto gallery = read_npy_f32(arguments[2]);
  const auto questions =
      questions_of(read_npy_f32(arguments[3]), read_npy_f32(arguments[4]));
  const auto threads =
      static_cast<std::size_t>(std::strtoul(arguments[5], nullptr, 10));

  const auto begin = std::chrono::steady_clock::now();
  std::map<std::string_view, std::vector<double>> values;
  for (std::size_t at = 0; at < questions.size(); at += block_questions) {
    const auto count = std::min(block_questions, questions.size() - at);
    const MatrixView block{queries.matrix().row(at).data(), count,
                           queries.matrix().columns};
    for (const auto& places :
         answer_places(std::span(questions).subspan(at, count), block,
                       gallery.matrix(), threads))
      for (const auto& metric : class_metrics())
        values[metric.name].push_back(metric.value(places));
  }
  const std::chrono::duration<double> seconds =
      std::chrono::steady_clock::now() - begin;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  fmt::print("{{\"seconds\": {:.2f}, \"peak_mib\": {}", seconds.count(),
             usage.ru_maxrss / 1024);
  for (const auto* name : printed)
    fmt::print(", \"{}\": {:.6f}", name, mean_percent(values[name]));
  fmt::print("}}\n");
}

}  // namespace
}  // namespace igrot

int main(int count, char** arguments) {
  if (count != 6) {
    fmt::print(stderr, "ranking_bench: five arguments expected\n");
    return 2;
  }
  igrot::run(arguments);
  return 0;
}

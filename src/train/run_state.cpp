#include "train/run_state.h"

#include <c10/core/GradMode.h>

#include <charconv>
#include <map>
#include <span>

#include "base/fail.h"
#include "formats/checkpoint.h"
#include "formats/writers.h"
#include "train/numbered_files.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;
using Metadata = std::map<std::string, std::string>;

constexpr std::string_view ending = ".safetensors";
constexpr std::string_view value_prefix = "value/";
constexpr std::string_view first_prefix = "first/";
constexpr std::string_view second_prefix = "second/";

/// What lies in host memory while a state is written.
class Writing {
 public:
  void add(std::string_view prefix, const std::string& name,
           const at::Tensor& value) {
    const auto& kept = kept_.emplace_back(
        value.detach().to(at::kCPU, at::kFloat).contiguous());
    const std::span numbers(kept.data_ptr<float>(),
                            static_cast<std::size_t>(kept.numel()));
    list_.push_back({.name = std::string(prefix) + name,
                     .dtype = DType::f32,
                     .shape = TorchTensor(kept).shape(),
                     .bytes = std::as_bytes(numbers)});
  }

  std::span<const TensorToWrite> list() const { return list_; }

 private:
  std::vector<at::Tensor> kept_;  // of the same memory where it is the host's
  std::vector<TensorToWrite> list_;
};

template <class Number>
Number number_of(const Metadata& metadata, const std::string& key) {
  const auto found = metadata.find(key);
  Number number{};
  if (found != metadata.end()) {
    const auto& text = found->second;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size()) return number;
  }
  fail(ErrorKind::corrupt, "'{}' is missing or no number", key);
}

at::Tensor read_tensor(const Checkpoint& file, std::string_view prefix,
                       const Parameter& parameter) {
  const auto* stored = file.find(std::string(prefix) + parameter.name);
  if (!stored) return {};
  const auto tensor = TorchOps().upload(stored->to_tensor()).value();
  if (tensor.sizes() != parameter.value.sizes())
    fail(ErrorKind::usage, "'{}' has another shape than in this run's model",
         parameter.name);
  return tensor.to(parameter.value.device());
}

/// Everything a file holds, before anything is changed.
struct Loaded {
  RestoredState state;
  std::uint64_t updates = 0;
  std::vector<at::Tensor> values;
  std::vector<Moments> moments;
};

Loaded load(const fs::path& path, const Parameters& parameters) {
  const auto file = Checkpoint::open(path);
  const auto& metadata = file.metadata();
  const auto count = [&](const char* key) {
    return number_of<std::size_t>(metadata, key);
  };
  Loaded loaded;
  loaded.state.position = {.epoch = count("epoch"),
                           .batch = count("batch"),
                           .step = count("step"),
                           .skipped = count("skipped")};
  loaded.state.scale = {.scale = number_of<double>(metadata, "scale"),
                        .good_steps = count("good_steps")};
  loaded.updates = count("updates");
  for (const auto& parameter : parameters.list) {
    auto value = read_tensor(file, value_prefix, parameter);
    if (!value.defined() && !parameter.is_frozen)
      fail(ErrorKind::usage, "'{}' of this run's model is not there",
           parameter.name);
    loaded.values.push_back(std::move(value));
    loaded.moments.push_back({read_tensor(file, first_prefix, parameter),
                              read_tensor(file, second_prefix, parameter)});
  }
  return loaded;
}

void apply(Loaded loaded, Parameters& parameters, AdamW& optimiser) {
  const c10::NoGradGuard no_gradients;
  for (std::size_t i = 0; i < parameters.list.size(); ++i)
    if (loaded.values[i].defined())
      parameters.list[i].value.copy_(loaded.values[i]);
  optimiser.restore(loaded.updates, std::move(loaded.moments));
}

}  // namespace

void save_state(const fs::path& folder, const RunPosition& position,
                const Parameters& parameters, const AdamW& optimiser,
                const LossScale::State& scale, std::size_t keep) {
  Writing writing;
  const auto& moments = optimiser.moments();
  for (std::size_t i = 0; i < parameters.list.size(); ++i) {
    const auto& parameter = parameters.list[i];
    if (parameter.is_frozen) continue;
    writing.add(value_prefix, parameter.name, parameter.value);
    if (!moments[i].first.defined()) continue;
    writing.add(first_prefix, parameter.name, moments[i].first);
    writing.add(second_prefix, parameter.name, moments[i].second);
  }
  const Metadata metadata{{"epoch", std::to_string(position.epoch)},
                          {"batch", std::to_string(position.batch)},
                          {"step", std::to_string(position.step)},
                          {"skipped", std::to_string(position.skipped)},
                          {"updates", std::to_string(optimiser.steps())},
                          {"scale", fmt::format("{}", scale.scale)},
                          {"good_steps", std::to_string(scale.good_steps)}};
  fs::create_directories(folder);
  write_safetensors(folder / numbered_name(position.step, ending),
                    writing.list(), metadata);
  drop_older(folder, ending, keep);
}

std::optional<RestoredState> restore_state(const fs::path& folder,
                                           Parameters& parameters,
                                           AdamW& optimiser,
                                           const Runtime& runtime) {
  for (const auto& path : numbered_files(folder, ending)) {
    try {
      auto loaded = at(path.string(), [&] { return load(path, parameters); });
      const auto state = loaded.state;
      apply(std::move(loaded), parameters, optimiser);
      return state;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::usage) throw;
      if (runtime.warn) runtime.warn(error.what());
    }
  }
  return std::nullopt;
}

}  // namespace igrot

// The loop: epochs of steps, with states, checkpoints and validations.
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>

#include <chrono>
#include <set>

#include "base/fail.h"
#include "igrot/tokenizer.h"
#include "train/feature_cache.h"
#include "train/loss_scale.h"
#include "train/order.h"
#include "train/recent_steps.h"
#include "train/run_folder.h"
#include "train/run_log.h"
#include "train/run_state.h"
#include "train/schedule.h"
#include "train/torch_settings.h"
#include "train/validation.h"

namespace igrot {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The samples of a step that could be read, as pixels or as rows of a cache.
struct Batch {
  std::vector<std::size_t> samples;
  std::vector<Tensor> pictures;  ///< [3, side, side] each
  std::vector<Tensor> seconds;
  std::vector<std::int64_t> has_second;
};

at::Tensor stacked(const std::vector<Tensor>& pictures, std::size_t side,
                   at::Device device) {
  const auto n = static_cast<std::int64_t>(side);
  at::Tensor batch = at::empty(
      {static_cast<std::int64_t>(pictures.size()), 3, n, n}, at::kFloat);
  auto* to = batch.data_ptr<float>();
  for (const auto& picture : pictures)
    to = std::ranges::copy(picture.values(), to).out;
  return batch.to(device);
}

/// One training run in progress.
class Run {
 public:
  Run(const TrainRequest& request, const TrainHooks& hooks);
  TrainResult go();

 private:
  const TrainSection& settings() const { return config_.train; }
  bool is_clip() const { return settings().mode == TrainMode::clip; }
  std::size_t all_steps() const;

  void resume();
  void encode_frozen();
  bool run_epoch();
  Batch next_batch(SampleLoader* loader, std::span<const std::size_t> wanted);
  void skip(std::size_t sample, const std::string& problem);
  at::Tensor loss_of(const TorchOps& ops, const Batch& batch) const;
  TokenBatch tokenize(std::span<const std::string> texts) const;
  TokenBatch texts_of(const Batch& batch) const;
  void step(const Batch& batch, StepRecord& record);
  void update(StepRecord& record);
  bool report(const StepRecord& record, std::size_t samples);
  void save();
  bool is_checkpoint_step() const;
  void keep_checkpoint() const;
  void finish_epoch(std::size_t epoch);
  void write_last() const;
  void score(std::size_t epoch);
  bool ends_early() const;
  void say(const std::string& sentence) const;

  const TrainRequest& request_;
  const TrainConfig& config_;
  const TrainHooks& hooks_;
  at::Device device_;
  RunFolder folder_;
  Samples samples_;
  std::optional<ValidationSet> validation_;
  StartedModel model_;
  Parameters parameters_;
  PictureReading reading_;
  AdamW optimiser_;
  Schedule schedule_;
  LossScale scale_;
  RunPosition position_;
  Scores scores_;
  std::optional<RunLog> log_;
  std::optional<FeatureCache> cache_;
  std::set<std::string> problems_;
  bool interrupted_ = false;

  RecentSteps recent_;
};

StartedModel start_for(const Samples& samples, const TrainConfig& config,
                       const Runtime& runtime) {
  auto model = start_model(config, runtime);
  if (!config.model.fresh || !config.model.fresh->silent_words) return model;
  std::vector<std::string> texts;
  texts.reserve(samples.list.size());
  for (const auto& sample : samples.list) texts.push_back(sample.text);
  silence_absent_tokens(model, texts);
  return model;
}

Run::Run(const TrainRequest& request, const TrainHooks& hooks)
    : request_(request),
      config_(request.config),
      hooks_(hooks),
      device_(chosen_device(request.config.train)),
      folder_(request),
      samples_(read_samples(request.config)),
      validation_(read_validation(request.config)),
      model_(start_for(samples_, request.config, hooks.runtime)),
      parameters_(make_parameters(model_, request.config.train, device_)),
      reading_(picture_reading(request.config, samples_,
                               model_.config.towers.side())),
      optimiser_(parameters_.list, adamw_options(request.config.train)) {
  const auto batches = samples_.list.size() / settings().batch_size;
  if (batches == 0)
    fail(ErrorKind::usage, "{} samples do not fill one batch of {}",
         samples_.list.size(), settings().batch_size);
  schedule_ = {
      .period_epochs = std::max<std::size_t>(1, settings().epochs),
      .batches = batches,
      .lowest = settings().min_learning_rate_share * settings().learning_rate,
      .warmup_steps = settings().warmup_steps};
  folder_.begin();
}

void Run::say(const std::string& sentence) const {
  if (hooks_.say) hooks_.say(sentence);
}

std::size_t Run::all_steps() const {
  const auto all = settings().epochs * schedule_.batches;
  return settings().max_steps > 0 ? std::min(all, settings().max_steps) : all;
}

void Run::resume() {
  const auto restored =
      restore_state(folder_.states(), parameters_, optimiser_, hooks_.runtime);
  if (!restored) return;
  position_ = restored->position;
  scale_ = LossScale(restored->scale);
  scores_ = folder_.read_scores();
  std::erase_if(scores_.by_epoch,
                [&](const auto& row) { return row.first >= position_.epoch; });
  say(fmt::format("resuming after step {} of {}", position_.step, all_steps()));
}

void Run::encode_frozen() {
  const bool frozen = settings().encoder != TrainedEncoder::both;
  if (!frozen || !settings().cache_features || is_clip() ||
      config_.augment.any() || position_.step >= all_steps())
    return;
  cache_.emplace(
      FeatureCache::Source{
          .samples = samples_,
          .reading = reading_,
          .parameters = parameters_,
          .config = model_.config,
          .torch = torch_options(settings(), device_),
          .batch_size = settings().batch_size,
          .texts = settings().encoder == TrainedEncoder::neither,
          .tokenize = [this](auto texts) { return tokenize(texts); }},
      folder_.states(), hooks_);
  interrupted_ = cache_->was_interrupted();
}

TokenBatch Run::tokenize(std::span<const std::string> texts) const {
  return encode_texts(tokenizer_of(model_.config.towers.family), texts,
                      model_.config.towers.context);
}

TokenBatch Run::texts_of(const Batch& batch) const {
  std::vector<std::string> texts;
  for (const auto sample : batch.samples)
    texts.push_back(samples_.list[sample].text);
  return tokenize(texts);
}

void Run::skip(std::size_t sample, const std::string& problem) {
  ++position_.skipped;
  if (!problems_.insert(problem).second) return;
  if (hooks_.runtime.warn)
    hooks_.runtime.warn(
        fmt::format("sample {} is left out: {}", sample + 1, problem));
  if (problems_.size() > settings().skip_limit)
    fail(ErrorKind::corrupt,
         "more than {} pictures cannot be read (train.skip_limit); the last: "
         "{}",
         settings().skip_limit, problem);
}

Batch Run::next_batch(SampleLoader* loader,
                      std::span<const std::size_t> wanted) {
  Batch batch;
  for (const auto sample : wanted) {
    if (cache_) {
      if (const auto& problem = cache_->problem(sample); !problem.empty())
        skip(sample, problem);
      else
        batch.samples.push_back(sample);
      continue;
    }
    const auto loaded = *loader->next();
    if (!loaded.problem.empty()) {
      skip(sample, loaded.problem);
      continue;
    }
    if (loaded.second) {
      batch.has_second.push_back(
          static_cast<std::int64_t>(batch.samples.size()));
      batch.seconds.push_back(reading_.pixels(*loaded.second));
    }
    batch.pictures.push_back(reading_.pixels(*loaded.picture));
    batch.samples.push_back(sample);
  }
  return batch;
}

at::Tensor Run::loss_of(const TorchOps& ops, const Batch& batch) const {
  const auto side = model_.config.towers.side();
  if (is_clip()) {
    const ClipBatch in{.image = stacked(batch.pictures, side, device_),
                       .other = stacked(batch.seconds, side, device_),
                       .has_other = batch.has_second,
                       .texts = texts_of(batch)};
    return clip_loss(ops, parameters_, model_.config, in,
                     settings().other_weight);
  }
  const std::string empty;
  ComposedBatch in{.reference = {},
                   .target = {},
                   .cached = {},
                   .cached_texts = {},
                   .texts = texts_of(batch),
                   .empty = tokenize({&empty, 1})};
  if (cache_) {
    in.cached = cache_->images(batch.samples);
    in.cached.reference_local = in.cached.reference_local.to(device_);
    in.cached.target = in.cached.target.to(device_);
    in.cached_texts = cache_->texts(batch.samples);
    if (in.cached_texts.defined())
      in.cached_texts = in.cached_texts.to(device_);
  } else {
    in.reference = stacked(batch.pictures, side, device_);
    in.target = stacked(batch.seconds, side, device_);
  }
  return diagonal_loss(composed_logits(ops, parameters_, model_.config, in,
                                       config_.model.target, settings().mask));
}

void Run::step(const Batch& batch, StepRecord& record) {
  auto options = torch_options(settings(), device_);
  if (settings().dropout > 0)
    options.dropout =
        DropoutKeys{.seed = settings().seed,
                    .epoch = position_.epoch,
                    .step = position_.step,
                    .samples = {batch.samples.begin(), batch.samples.end()}};
  const auto loss = loss_of(TorchOps(options), batch);
  const bool scaled = settings().precision == TrainPrecision::f16;
  (scaled ? loss * scale_.scale() : loss).backward();
  record.loss = loss.item<double>();
  if (scaled) optimiser_.unscale(scale_.scale());
  record.grad_norm = optimiser_.gradient_norm();
  update(record);
}

void Run::update(StepRecord& record) {
  for (const auto wanted : settings().save_gradients)
    if (wanted == record.step)
      folder_.write_gradients(record.step, parameters_, model_.config);
  const bool finite = std::isfinite(record.grad_norm);
  const bool scaled = settings().precision == TrainPrecision::f16;
  if (scaled) scale_.update(finite);
  if (!finite && !scaled)
    fail(ErrorKind::usage,
         "step {}: loss {} and gradients of norm {}: the run has diverged; a "
         "lower learning rate may help",
         record.step, record.loss, record.grad_norm);
  // torch.nn.utils.clip_grad_norm_'s factor.
  double factor = 1;
  if (settings().clip_norm > 0)
    factor = std::min(1.0, settings().clip_norm / (record.grad_norm + 1e-6));
  if (finite) optimiser_.step(record.lr_new, record.lr_backbone, factor);
  optimiser_.clear_gradients();
  if (is_clip()) {
    const c10::NoGradGuard no_gradients;
    constexpr double most = 4.605170185988092;  // ln 100, as OpenAI's CLIP
    parameters_.temperature().value.clamp_max_(most);
  }
}

bool Run::report(const StepRecord& record, std::size_t samples) {
  recent_.add({record.seconds, record.waiting_seconds, samples});
  if (!hooks_.progress) return true;
  const auto left = static_cast<double>(all_steps() - position_.step);
  return hooks_.progress({.epoch = position_.epoch,
                          .epochs = settings().epochs,
                          .step = position_.step,
                          .steps = all_steps(),
                          .loss = record.loss,
                          .samples_per_second = recent_.samples_per_second(),
                          .waiting_share = recent_.waiting_share(),
                          .seconds_left = left * recent_.step_seconds()});
}

void Run::save() {
  save_state(folder_.states(), position_, parameters_, optimiser_,
             scale_.state(), config_.checkpoint.keep);
}

bool Run::is_checkpoint_step() const {
  const auto every = config_.checkpoint.every_steps;
  return every > 0 && position_.step > 0 && position_.step % every == 0;
}

void Run::keep_checkpoint() const {
  folder_.keep_checkpoint(position_.step, config_.checkpoint.keep);
}

void Run::write_last() const {
  folder_.write_last(parameters_, model_.config);
}

/// The epoch's remaining steps. False: asked to stop, or no more are wanted.
bool Run::run_epoch() {
  const auto batch_size = settings().batch_size;
  const auto order = epoch_order(samples_.list.size(), settings().shuffle,
                                 settings().seed, position_.epoch);
  const auto left = std::span(order)
                        .first(schedule_.batches * batch_size)
                        .subspan(position_.batch * batch_size);
  std::optional<SampleLoader> loader;
  const auto threads = settings().loader_threads > 0
                           ? settings().loader_threads
                           : hooks_.runtime.thread_count();
  if (!cache_)
    loader.emplace(samples_, reading_, left,
                   SampleLoader::Options{.epoch = position_.epoch,
                                         .threads = threads,
                                         .window = 2 * batch_size});
  for (std::size_t first = 0; first < left.size(); first += batch_size) {
    if (position_.step >= all_steps()) return false;
    const auto start = Clock::now();
    const auto batch = next_batch(loader ? &*loader : nullptr,
                                  left.subspan(first, batch_size));
    const auto waited = seconds_since(start);
    const auto rate = [&](double base) {
      return schedule_.rate(base, position_.step);
    };
    StepRecord record{
        .step = position_.step + 1,
        .lr_new = rate(settings().learning_rate),
        .lr_backbone = rate(is_clip() ? settings().learning_rate
                                      : settings().backbone_learning_rate),
        .waiting_seconds = waited};
    if (!batch.samples.empty()) step(batch, record);
    ++position_.step;
    ++position_.batch;
    record.seconds = seconds_since(start);
    record.samples_per_second =
        static_cast<double>(batch.samples.size()) / record.seconds;
    log_->step(record);
    if (!report(record, batch.samples.size())) {
      interrupted_ = true;
      return false;
    }
    if (position_.batch < schedule_.batches && is_checkpoint_step()) {
      save();
      write_last();
      keep_checkpoint();
    }
  }
  return true;
}

void Run::score(std::size_t epoch) {
  const auto found = validate(folder_.last(), *validation_, *config_.validation,
                              reading_, hooks_);
  if (!found) {  // the next run does it
    interrupted_ = true;
    return;
  }
  const auto& result = *found;
  const auto before = scores_.best_epoch();
  scores_.by_epoch[epoch] = result.score;
  const bool is_best = scores_.best_epoch() != before;
  if (is_best) folder_.promote();
  folder_.write_scores(scores_);
  std::vector<std::pair<std::string, float>> values{
      {"validation/score", static_cast<float>(result.score)}};
  std::string line;
  for (const auto& [k, recall] : result.recalls) {
    values.emplace_back(fmt::format("validation/R@{}", k),
                        static_cast<float>(recall));
    line += fmt::format(" R@{} {:.2f}", k, recall);
  }
  log_->scalars(position_.step, values);
  say(fmt::format("epoch {}: {} {:.2f};{}{}", epoch + 1,
                  config_.validation->metric, result.score, line,
                  is_best ? "; the best so far" : ""));
}

/// Weights into OUT, then the score. A run that was killed in between does it
/// again: the same weights give the same score.
void Run::finish_epoch(std::size_t epoch) {
  write_last();
  if (is_checkpoint_step()) keep_checkpoint();
  if (!validation_) return folder_.promote();
  const auto every = config_.validation->every_epochs;
  if (epoch % every == 0 && !scores_.by_epoch.contains(epoch)) score(epoch);
}

bool Run::ends_early() const {
  return settings().early_stop > 0 &&
         scores_.since_best() >= settings().early_stop;
}

TrainResult Run::go() {
  if (request_.resume) resume();
  log_.emplace(folder_.path(), position_.step);
  encode_frozen();
  // The end of the epoch before may have been cut off.
  if (position_.batch == 0 && position_.epoch > 0 && !interrupted_)
    finish_epoch(position_.epoch - 1);
  while (position_.epoch < settings().epochs && !interrupted_ &&
         !ends_early()) {
    if (!run_epoch()) break;
    const auto epoch = position_.epoch++;
    position_.batch = 0;
    save();
    finish_epoch(epoch);
  }
  if (position_.batch > 0 || position_.step == 0) {
    save();
    write_last();
    if (!validation_) folder_.promote();
  }
  TrainResult result{.steps = position_.step,
                     .skipped = position_.skipped,
                     .best_score = {},
                     .interrupted = interrupted_};
  if (const auto best = scores_.best_epoch())
    result.best_score = scores_.by_epoch.at(*best);
  return result;
}

}  // namespace

TrainResult train(const TrainRequest& request, const TrainHooks& hooks) {
  at::set_num_threads(static_cast<int>(hooks.runtime.thread_count()));
  return Run(request, hooks).go();
}

}  // namespace igrot

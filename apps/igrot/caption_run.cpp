#include "caption_run.h"

#include "base/fail.h"
#include "base/on_threads.h"
#include "caption_picture.h"

namespace igrot::app {
namespace {

constexpr std::size_t most_failures_in_a_row = 10;

class CaptionRun {
 public:
  CaptionRun(const std::vector<CaptionJob>& jobs, const CaptionOrder& order,
             CaptionLog& log, const Session& session)
      : jobs_(jobs), order_(order), log_(log), session_(session) {}

  CaptionCounts run() {
    on_threads(std::min(order_.jobs, jobs_.size()), [this] { work(); });
    if (counts_.written == 0 && failure_ && !session_.stopped())
      throw Error(failure_->kind(), failure_->what());
    return std::move(counts_);
  }

 private:
  bool go_on() const { return !ended_ && !session_.stopped(); }

  void work() {
    try {
      for (auto i = next_++; i < jobs_.size() && go_on(); i = next_++)
        caption(jobs_[i]);
    } catch (...) {
      ended_ = true;
      throw;
    }
  }

  void caption(const CaptionJob& job) {
    std::string uri;
    try {
      uri = caption_picture(job.file, order_.longest_side);
    } catch (const Error& error) {
      return skip(job, error);
    }
    const auto answer =
        ask_caption(order_.server, uri,
                    {.go_on = [this] { return go_on(); },
                     .say =
                         [&](std::string_view sentence) {
                           bar_.warn(fmt::format("{}: {}", job.name, sentence));
                         }});
    if (!answer) return;
    if (answer->failure)
      fail_for(job, answer->failure->at(job.file.string()));
    else
      write(job, answer->caption);
  }

  void write(const CaptionJob& job, const std::string& caption) {
    const std::lock_guard lock(mutex_);
    log_.append({job.name, caption, order_.server.model});
    ++counts_.written;
    failures_in_a_row_ = 0;
    session_.note(fmt::format("{}: {}", job.name, caption));
    show();
  }

  void skip(const CaptionJob& job, const Error& error) {
    const std::lock_guard lock(mutex_);
    counts_.skipped.push_back({job.file.string(), error});
    bar_.warn(fmt::format("skipped: {}", error.what()));
    show();
  }

  void fail_for(const CaptionJob& job, const Error& error) {
    skip(job, error);
    const std::lock_guard lock(mutex_);
    failure_ = error;
    if (++failures_in_a_row_ == most_failures_in_a_row)
      fail(error.kind(), "{} pictures in a row got no caption; the last: {}",
           failures_in_a_row_, error.what());
  }

  void show() {
    bar_.show("captioning", counts_.written + counts_.skipped.size(),
              jobs_.size());
  }

  const std::vector<CaptionJob>& jobs_;
  const CaptionOrder& order_;
  CaptionLog& log_;
  const Session& session_;
  StageBar bar_{session_};
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> ended_ = false;
  std::mutex mutex_;  // of what follows, and of the log
  CaptionCounts counts_;
  std::optional<Error> failure_;
  std::size_t failures_in_a_row_ = 0;
};

}  // namespace

CaptionCounts run_captions(const std::vector<CaptionJob>& jobs,
                           const CaptionOrder& order, CaptionLog& log,
                           const Session& session) {
  return CaptionRun(jobs, order, log, session).run();
}

}  // namespace igrot::app

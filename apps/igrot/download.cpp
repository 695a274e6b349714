#include "download.h"

#include <algorithm>

#include "base/fail.h"
#include "http.h"
#include "part_file.h"
#include "retry.h"

namespace igrot::app {
namespace {

/// Tries in a row that bring no byte.
constexpr std::size_t most_tries = 4;
constexpr long status_range_not_satisfiable = 416;

class Download {
 public:
  Download(const DownloadRequest& request, const DownloadHooks& hooks)
      : request_(request), hooks_(hooks), part_(request.target) {}

  std::optional<Downloaded> run() {
    std::size_t tries = 0;
    for (std::uint64_t best = 0; !is_whole();) {
      best = std::max(best, part_.size());
      forget_useless_part();
      const auto result = http_send(
          {request_.address, part_.size(), part_.etag()},
          {[this](const HttpAnswer& answer) { begin(answer); },
           [this](Bytes bytes) { take(bytes); }, [this] { return go_on(); }});
      if (result.end == HttpEnd::stopped) return std::nullopt;
      if (is_done(result)) break;
      tries = part_.size() > best ? 1 : tries + 1;
      if (!wait_for_next(tries, result)) return std::nullopt;
    }
    return finish();
  }

 private:
  // Bytes nobody can tell the version of are only worth something where the
  // hash will be checked.
  void forget_useless_part() {
    const bool too_long =
        request_.size_bytes > 0 && part_.size() > request_.size_bytes;
    const bool unknown = part_.etag().empty() && request_.sha256.empty();
    if (part_.size() > 0 && (too_long || unknown)) part_.restart({});
  }

  bool is_whole() const {
    return request_.size_bytes > 0 && part_.size() == request_.size_bytes;
  }

  void begin(const HttpAnswer& answer) {
    const bool continues = answer.status == 206 && answer.from == part_.size();
    misplaced_ = answer.status == 206 && !continues;
    if (!continues) part_.restart(misplaced_ ? "" : answer.etag);
    total_ = answer.size.value_or(0);
    for (const auto size : {answer.size, answer.announced_size})
      if (size) check_size(*size, "the server has");
    if (answer.announced_size) total_ = *answer.announced_size;
  }

  void check_size(std::uint64_t found, std::string_view who) {
    if (request_.size_bytes > 0 && found != request_.size_bytes)
      refuse(fmt::format("{} {} bytes, expected {}", who, found,
                         request_.size_bytes));
    if (found > request_.most_bytes)
      refuse(fmt::format("{} {} bytes, more than the {} that are taken", who,
                         found, request_.most_bytes));
  }

  void take(Bytes bytes) {
    if (misplaced_) return;
    const auto most = request_.size_bytes > 0 ? request_.size_bytes
                      : total_ > 0            ? total_
                                              : request_.most_bytes;
    if (bytes.size() > most - std::min(most, part_.size()))
      refuse(fmt::format("the server sends more than {} bytes", most));
    part_.append(bytes);
  }

  bool go_on() const {
    return !hooks_.progress || hooks_.progress(part_.size(), total());
  }

  std::uint64_t total() const {
    return request_.size_bytes > 0 ? request_.size_bytes : total_;
  }

  /// Whether everything came. Throws for what no other try would change.
  bool is_done(const HttpResult& result) {
    const auto& answer = result.answer;
    announced_sha256_ = answer.announced_sha256;
    if (result.end == HttpEnd::failed)
      fail(ErrorKind::io, "{}: {}", request_.address, result.reason);
    if (result.end == HttpEnd::cut) return false;
    if (answer.status == 200 || answer.status == 206)
      return !misplaced_ && (total() == 0 || part_.size() == total());
    if (answer.status == status_range_not_satisfiable && part_.size() > 0) {
      if (answer.size == part_.size()) return true;
      part_.restart({});
      return false;
    }
    if (is_passing(answer.status)) return false;
    fail_with(answer.status);
  }

  [[noreturn]] void fail_with(long status) const {
    if (status == 404 || status == 410)
      fail(ErrorKind::not_found, "{}: the server has no such file ({})",
           request_.address, status);
    fail(ErrorKind::io, "{}: the server answers {}", request_.address, status);
  }

  /// Waits unless it was the last try; false when told to stop.
  bool wait_for_next(std::size_t tries, const HttpResult& result) const {
    const auto reason = reason_of(result);
    if (tries >= most_tries)
      fail(ErrorKind::io, "{}: {} (tried {} times)", request_.address, reason,
           tries);
    if (hooks_.say)
      hooks_.say(fmt::format("{}: {}; trying again",
                             request_.target.filename().string(), reason));
    return pause(
        wait_before(tries, hooks_.first_wait, result.answer.retry_after_s),
        [this] { return go_on(); });
  }

  std::string reason_of(const HttpResult& result) const {
    if (result.end == HttpEnd::cut) return result.reason;
    if (result.answer.status == 200)
      return fmt::format("only {} of {} bytes came", part_.size(), total());
    return fmt::format("the server answers {}", result.answer.status);
  }

  Downloaded finish() {
    check_size(part_.size(), "the file came with");
    const auto& expected =
        request_.sha256.empty() ? announced_sha256_ : request_.sha256;
    const auto found = part_.sha256();
    if (!expected.empty() && found != expected)
      refuse(fmt::format("the bytes that came have SHA-256 {}, expected {}",
                         found, expected));
    const Downloaded done{part_.size(), found, !expected.empty()};
    part_.commit();
    return done;
  }

  /// For bytes that are wrong: they are removed.
  [[noreturn]] void refuse(const std::string& reason) {
    part_.remove();
    fail(ErrorKind::corrupt, "{}: {}", request_.address, reason);
  }

  const DownloadRequest& request_;
  const DownloadHooks& hooks_;
  PartFile part_;
  bool misplaced_ = false;  // a 206 for other bytes than asked for
  std::uint64_t total_ = 0;
  std::string announced_sha256_;
};

}  // namespace

std::optional<Downloaded> download(const DownloadRequest& request,
                                   const DownloadHooks& hooks) {
  return Download(request, hooks).run();
}

}  // namespace igrot::app

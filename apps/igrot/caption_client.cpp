#include "caption_client.h"

#include <algorithm>
#include <array>

#include "base/fail.h"
#include "caption_text.h"
#include "http.h"
#include "output.h"
#include "retry.h"

namespace igrot::app {
namespace {

constexpr std::size_t answer_limit_bytes = std::size_t{1} << 20;
constexpr std::string_view completions = "/chat/completions";

/// Refusals of one picture rather than of all of them.
constexpr std::array<long, 4> picture_statuses{400, 413, 415, 422};

/// Words before the picture, as the reference's program puts them.
std::string request_body(const CaptionServer& server,
                         std::string_view picture_uri) {
  const Json content{
      {{"type", "text"}, {"text", server.prompt}},
      {{"type", "image_url"}, {"image_url", {{"url", picture_uri}}}}};
  const Json body{
      {"model", server.model},
      {"messages", Json::array({{{"role", "user"}, {"content", content}}})},
      {"max_tokens", server.max_tokens},
      {"temperature", 0}};
  return json_text(body);
}

class Asking {
 public:
  Asking(const CaptionServer& server, std::string_view picture_uri,
         const CaptionHooks& hooks)
      : server_(server),
        hooks_(hooks),
        body_(request_body(server, picture_uri)) {}

  std::optional<CaptionAnswer> run() {
    for (std::size_t tries = 1;; ++tries) {
      const auto result = send();
      if (result.end == HttpEnd::stopped) return std::nullopt;
      if (result.end == HttpEnd::failed)
        fail(ErrorKind::io, "{}: {}", server_.address, result.reason);
      const bool broke = result.end == HttpEnd::cut;
      if (!broke && !is_passing(result.answer.status))
        return judged(result.answer.status);
      const auto reason = broke ? result.reason : said(result.answer.status);
      if (tries > server_.retries) return given_up(reason, tries);
      if (hooks_.say) hooks_.say(reason + "; trying again");
      if (!pause(wait_before(tries, hooks_.first_wait,
                             result.answer.retry_after_s),
                 hooks_.go_on))
        return std::nullopt;
    }
  }

 private:
  HttpResult send() {
    answer_.clear();
    too_long_ = false;
    return http_send({.address = server_.address,
                      .json = body_,
                      .bearer = server_.key,
                      .timeout = server_.timeout},
                     {.begin = {},
                      .take = [this](Bytes bytes) { take(bytes); },
                      .go_on = hooks_.go_on});
  }

  void take(Bytes bytes) {
    too_long_ = too_long_ || bytes.size() > answer_limit_bytes - answer_.size();
    if (!too_long_) answer_ += as_text(bytes);
  }

  /// "the server answers 429: slow down"
  std::string said(long status) const {
    auto text = fmt::format("the server answers {}", status);
    if (const auto message = server_message(answer_, server_.key);
        !message.empty())
      text += ": " + message;
    return text;
  }

  CaptionAnswer judged(long status) const {
    if (status == 200) return answered();
    const auto reason = said(status);
    if (std::ranges::find(picture_statuses, status) != picture_statuses.end())
      return {{}, Error(ErrorKind::unsupported, reason)};
    fail(status == 404 ? ErrorKind::not_found : ErrorKind::usage, "{}: {}",
         server_.address, reason);
  }

  CaptionAnswer answered() const {
    if (too_long_)
      return {{},
              Error(ErrorKind::corrupt,
                    fmt::format("the answer is longer than {} bytes",
                                answer_limit_bytes))};
    try {
      return {caption_in(answer_), {}};
    } catch (const Error& error) {
      return {{}, error};
    }
  }

  static CaptionAnswer given_up(const std::string& reason, std::size_t tries) {
    return {{},
            Error(ErrorKind::io,
                  fmt::format("{} (tried {} times)", reason, tries))};
  }

  const CaptionServer& server_;
  const CaptionHooks& hooks_;
  const std::string body_;
  std::string answer_;
  bool too_long_ = false;
};

}  // namespace

std::string chat_address(std::string endpoint) {
  const bool is_http =
      endpoint.starts_with("http://") || endpoint.starts_with("https://");
  const auto host = endpoint.find("://") + 3;
  if (!is_http || endpoint.size() <= host)
    fail(ErrorKind::usage,
         "--endpoint is '{}', expected an address such as "
         "http://127.0.0.1:8000/v1",
         endpoint);
  if (endpoint.substr(host, endpoint.find('/', host) - host).find('@') !=
      std::string::npos)
    fail(ErrorKind::usage,
         "--endpoint holds a password; a key belongs into IGROT_API_KEY");
  while (endpoint.ends_with('/')) endpoint.pop_back();
  if (!endpoint.ends_with(completions)) endpoint += completions;
  return endpoint;
}

std::optional<CaptionAnswer> ask_caption(const CaptionServer& server,
                                         std::string_view picture_uri,
                                         const CaptionHooks& hooks) {
  return Asking(server, picture_uri, hooks).run();
}

}  // namespace igrot::app

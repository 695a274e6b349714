// One GET or POST of HTTP or HTTPS, by libcurl: redirects, TLS, proxies (from
// the usual variables) and dead connections are its business; what an answer
// means is the caller's.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace igrot::app {

struct HttpRequest {
  std::string address;
  std::uint64_t from = 0;  ///< asks for the bytes from there on; 0: for all
  /// ETag of the bytes that are there: the server is to send everything where
  /// it no longer holds. Empty: not known.
  std::string if_etag{};
  /// JSON to POST; must stay until the answer is there. Empty: a GET.
  std::string_view json{};
  std::string bearer{};  ///< token of the Authorization header; empty: none
  /// Of the whole exchange; 0: it may last as long as bytes come.
  std::chrono::milliseconds timeout{0};
};

/// What the headers of the last answer say, redirects behind it.
struct HttpAnswer {
  long status = 0;
  std::string etag;                   ///< strong ones only
  std::optional<std::uint64_t> size;  ///< of the whole file
  std::optional<std::uint64_t> from;  ///< 206: where the body begins
  std::optional<long> retry_after_s;  ///< seconds
  /// Of the file behind a redirect, as Hugging Face announces it (X-Linked-ETag
  /// and X-Linked-Size): 64 hexadecimal digits, or empty.
  std::string announced_sha256;
  std::optional<std::uint64_t> announced_size;
};

/// Called while the answer comes in; what they throw leaves `http_send`.
struct HttpReader {
  /// Before a body that is taken; may be unset.
  std::function<void(const HttpAnswer&)> begin;
  std::function<void(Bytes)> take;
  /// Several times a second; false ends the transfer.
  std::function<bool()> go_on;
};

enum class HttpEnd {
  complete,  ///< an answer of any status came in whole
  cut,       ///< the connection could not be made or broke: worth another try
  failed,    ///< no other try would help
  stopped,   ///< `go_on` said so
};

struct HttpResult {
  HttpEnd end = HttpEnd::complete;
  HttpAnswer answer;
  std::string reason;  ///< of `cut` and `failed`
};

/// Only http and https. A GET follows at most 10 redirects, none from https to
/// http, and drops bodies of other statuses than 200 and 206. A POST follows
/// none, and takes the body of any status. May be called from many threads.
HttpResult http_send(const HttpRequest& request, const HttpReader& reader);

}  // namespace igrot::app

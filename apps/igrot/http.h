// One GET of HTTP or HTTPS, by libcurl: redirects, TLS, proxies (from the usual
// variables) and dead connections are its business; what an answer means for a
// file is the caller's.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace igrot::app {

struct HttpRequest {
  std::string address;
  std::uint64_t from = 0;  ///< asks for the bytes from there on; 0: for all
  /// ETag of the bytes that are there: the server is to send everything where
  /// it no longer holds. Empty: not known.
  std::string if_etag;
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

/// Called while the answer comes in; what they throw leaves `http_get`.
struct HttpReader {
  /// Before the body of a 200 or 206.
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

/// Only http and https, at most 10 redirects, none from https to http. Bodies
/// of other statuses than 200 and 206 are dropped.
HttpResult http_get(const HttpRequest& request, const HttpReader& reader);

}  // namespace igrot::app

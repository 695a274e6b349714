#include "http.h"

#include <curl/curl.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <memory>

#include "base/fail.h"

namespace igrot::app {
namespace {

constexpr long connect_timeout_s = 20;
constexpr long silence_timeout_s = 60;
constexpr long most_redirects = 10;
constexpr long buffer_bytes = 512 << 10;

struct FreeHandle {
  void operator()(CURL* handle) const { ::curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { ::curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, FreeHandle>;
using HeaderList = std::unique_ptr<curl_slist, FreeHandle>;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

template <class Number>
std::optional<Number> parse(std::string_view text) {
  Number number{};
  const auto end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return number;
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

/// "bytes 100-199/1234", "bytes */1234", "bytes 100-199/*".
void read_content_range(HttpAnswer& answer, std::string_view text) {
  if (!text.starts_with("bytes ")) return;
  const auto dash = text.find('-');
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return;
  answer.size = parse<std::uint64_t>(text.substr(slash + 1));
  if (dash < slash)
    answer.from = parse<std::uint64_t>(text.substr(6, dash - 6));
}

void read_announced_etag(HttpAnswer& answer, std::string_view text) {
  if (text.size() > 2 && text.front() == '"' && text.back() == '"')
    text = text.substr(1, text.size() - 2);
  if (is_sha256(text)) answer.announced_sha256 = text;
}

/// The headers that count, one row each.
struct HeaderRow {
  std::string_view name;
  void (*read)(HttpAnswer&, std::string_view value);
};

constexpr std::array header_rows{
    HeaderRow{"etag",
              [](HttpAnswer& a, std::string_view v) {
                if (v.starts_with('"')) a.etag = v;
              }},
    HeaderRow{"content-length",
              [](HttpAnswer& a, std::string_view v) {
                if (a.status == 200) a.size = parse<std::uint64_t>(v);
              }},
    HeaderRow{"content-range", read_content_range},
    HeaderRow{"x-linked-etag", read_announced_etag},
    HeaderRow{"x-linked-size",
              [](HttpAnswer& a, std::string_view v) {
                a.announced_size = parse<std::uint64_t>(v);
              }},
};

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

/// What the callbacks share. They may not throw through libcurl.
struct Transfer {
  const HttpReader* reader;
  bool any_status;  // of bodies that are taken
  HttpAnswer answer{};
  bool begun = false;
  bool stopped = false;
  std::exception_ptr thrown{};

  void read_header(std::string_view line) {
    if (line.starts_with("HTTP/")) {
      begin_answer(line);
      return;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return;
    for (const auto& row : header_rows)
      if (same_name(row.name, line.substr(0, colon)))
        row.read(answer, trimmed(line.substr(colon + 1)));
  }

  // What was announced on the way to the file goes on counting.
  void begin_answer(std::string_view status_line) {
    HttpAnswer next;
    next.announced_sha256 = std::move(answer.announced_sha256);
    next.announced_size = answer.announced_size;
    const auto space = status_line.find(' ');
    if (space != std::string_view::npos)
      next.status = parse<long>(status_line.substr(space + 1, 3)).value_or(0);
    answer = std::move(next);
  }

  void read_body(Bytes bytes) {
    if (!has_body()) return;
    begin();
    reader->take(bytes);
  }

  bool has_body() const {
    return any_status || answer.status == 200 || answer.status == 206;
  }

  void begin() {
    if (!begun && reader->begin) reader->begin(answer);
    begun = true;
  }
};

/// Keeps what `body` throws for later; false then.
template <class Body>
bool guarded(Transfer& transfer, Body&& body) {
  try {
    body();
    return true;
  } catch (...) {
    transfer.thrown = std::current_exception();
    return false;
  }
}

std::size_t on_header(char* data, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  return guarded(transfer,
                 [&] {
                   transfer.read_header({data, size});
                 })
             ? size
             : 0;
}

std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const auto bytes = as_bytes(std::string_view(data, size));
  return guarded(transfer, [&] { transfer.read_body(bytes); }) ? size : 0;
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  auto& transfer = *static_cast<Transfer*>(user);
  bool go_on = false;
  if (!guarded(transfer, [&] { go_on = transfer.reader->go_on(); })) return 1;
  transfer.stopped = !go_on;
  return go_on ? 0 : 1;
}

template <class Value>
void set(const Handle& handle, CURLoption option, Value value) {
  if (const auto code = ::curl_easy_setopt(handle.get(), option, value);
      code != CURLE_OK)
    fail(ErrorKind::io, "libcurl refuses option {}: {}",
         static_cast<int>(option), ::curl_easy_strerror(code));
}

void set_patience(const Handle& handle, const HttpRequest& request) {
  if (request.timeout.count() > 0) {
    set(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    return;
  }
  set(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(handle, CURLOPT_LOW_SPEED_TIME, silence_timeout_s);
}

/// Once, whichever thread comes first: `curl_easy_init` would do it in all.
bool is_started() {
  static const auto code = ::curl_global_init(CURL_GLOBAL_DEFAULT);
  return code == CURLE_OK;
}

Handle new_handle(const HttpRequest& request, Transfer& transfer) {
  Handle handle(is_started() ? ::curl_easy_init() : nullptr);
  if (!handle) fail(ErrorKind::io, "libcurl cannot be started");
  const bool secure = request.address.starts_with("https:");
  set(handle, CURLOPT_URL, request.address.c_str());
  set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  set(handle, CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
  set(handle, CURLOPT_FOLLOWLOCATION, request.json.empty() ? 1L : 0L);
  set(handle, CURLOPT_MAXREDIRS, most_redirects);
  set(handle, CURLOPT_CONNECTTIMEOUT, connect_timeout_s);
  set(handle, CURLOPT_NOSIGNAL, 1L);  // for other threads' sake
  set_patience(handle, request);
  set(handle, CURLOPT_BUFFERSIZE, buffer_bytes);
  set(handle, CURLOPT_USERAGENT, "igrot/" IGROT_VERSION);
  set(handle, CURLOPT_HEADERFUNCTION, on_header);
  set(handle, CURLOPT_HEADERDATA, &transfer);
  set(handle, CURLOPT_WRITEFUNCTION, on_body);
  set(handle, CURLOPT_WRITEDATA, &transfer);
  set(handle, CURLOPT_XFERINFOFUNCTION, on_progress);
  set(handle, CURLOPT_XFERINFODATA, &transfer);
  set(handle, CURLOPT_NOPROGRESS, 0L);
  return handle;
}

HeaderList headers_of(const HttpRequest& request) {
  HeaderList list;
  const auto add = [&](const std::string& line) {
    auto* longer = ::curl_slist_append(list.get(), line.c_str());
    if (!longer) throw std::bad_alloc();
    list.release();
    list.reset(longer);
  };
  if (request.from > 0 && !request.if_etag.empty())
    add("If-Range: " + request.if_etag);
  if (!request.bearer.empty()) add("Authorization: Bearer " + request.bearer);
  if (!request.json.empty()) {
    add("Content-Type: application/json");
    add("Expect:");  // no waiting for leave to send the body
  }
  return list;
}

void set_body(const Handle& handle, std::string_view json) {
  if (json.empty()) return;
  set(handle, CURLOPT_POST, 1L);
  set(handle, CURLOPT_POSTFIELDSIZE_LARGE,
      static_cast<curl_off_t>(json.size()));
  set(handle, CURLOPT_POSTFIELDS, json.data());
}

/// Seconds, also where the header has a date.
std::optional<long> retry_after(const Handle& handle) {
  curl_off_t seconds = 0;
  if (::curl_easy_getinfo(handle.get(), CURLINFO_RETRY_AFTER, &seconds) !=
          CURLE_OK ||
      seconds <= 0)
    return std::nullopt;
  return static_cast<long>(seconds);
}

constexpr std::array worth_another_try{CURLE_COULDNT_RESOLVE_PROXY,
                                       CURLE_COULDNT_RESOLVE_HOST,
                                       CURLE_COULDNT_CONNECT,
                                       CURLE_PARTIAL_FILE,
                                       CURLE_OPERATION_TIMEDOUT,
                                       CURLE_SSL_CONNECT_ERROR,
                                       CURLE_GOT_NOTHING,
                                       CURLE_SEND_ERROR,
                                       CURLE_RECV_ERROR,
                                       CURLE_HTTP2,
                                       CURLE_HTTP2_STREAM};

HttpEnd end_of(CURLcode code, const Transfer& transfer) {
  if (transfer.stopped) return HttpEnd::stopped;
  if (code == CURLE_OK) return HttpEnd::complete;
  const bool again =
      std::ranges::find(worth_another_try, code) != worth_another_try.end();
  return again ? HttpEnd::cut : HttpEnd::failed;
}

}  // namespace

HttpResult http_send(const HttpRequest& request, const HttpReader& reader) {
  Transfer transfer{.reader = &reader, .any_status = !request.json.empty()};
  const auto handle = new_handle(request, transfer);
  const auto headers = headers_of(request);
  std::array<char, CURL_ERROR_SIZE> message{};
  set(handle, CURLOPT_ERRORBUFFER, message.data());
  set(handle, CURLOPT_HTTPHEADER, headers.get());
  const auto range = fmt::format("{}-", request.from);
  if (request.from > 0) set(handle, CURLOPT_RANGE, range.c_str());
  set_body(handle, request.json);
  const auto code = ::curl_easy_perform(handle.get());
  if (transfer.thrown) std::rethrow_exception(transfer.thrown);
  if (code == CURLE_OK && transfer.has_body()) transfer.begin();
  HttpResult result{end_of(code, transfer), std::move(transfer.answer), {}};
  result.answer.retry_after_s = retry_after(handle);
  if (code != CURLE_OK)
    result.reason = message[0] ? message.data() : ::curl_easy_strerror(code);
  return result;
}

}  // namespace igrot::app

#include "file_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <stdexcept>

namespace igrot::app {
namespace {

bool send_all(int connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent =
        ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

SeenRequest parse(const std::string& text) {
  std::istringstream lines(text);
  SeenRequest request;
  std::string line, method;
  std::getline(lines, line);
  std::istringstream(line) >> method >> request.path;
  while (std::getline(lines, line)) {
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    auto name = line.substr(0, colon);
    std::ranges::transform(name, name.begin(), ::tolower);
    auto value = line.substr(colon + 2);
    if (value.ends_with('\r')) value.pop_back();
    request.headers[name] = value;
  }
  return request;
}

std::string status_line(int status) {
  return "HTTP/1.1 " + std::to_string(status) + " As Told\r\n";
}

/// Where a body begins, or nothing for the whole file.
std::optional<std::size_t> start_of(const SeenRequest& request,
                                    const ServedFile& file) {
  const auto range = request.header("range");
  const auto if_range = request.header("if-range");
  if (!file.ranges || !range.starts_with("bytes=")) return std::nullopt;
  if (!if_range.empty() && if_range != file.etag) return std::nullopt;
  return std::stoul(range.substr(6));
}

std::string headers_for(const ServedFile& file,
                        std::optional<std::size_t> start) {
  const auto size = file.content.size();
  auto text = status_line(start ? 206 : 200) + file.headers;
  if (!file.etag.empty()) text += "ETag: " + file.etag + "\r\n";
  if (start)
    text += "Content-Range: bytes " + std::to_string(*start) + "-" +
            std::to_string(size - 1) + "/" + std::to_string(size) + "\r\n";
  if (file.length)
    text +=
        "Content-Length: " + std::to_string(size - start.value_or(0)) + "\r\n";
  return text + "Connection: close\r\n\r\n";
}

}  // namespace

std::string SeenRequest::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

FileServer::FileServer() {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  auto* generic = reinterpret_cast<sockaddr*>(&place);
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 8) != 0 ||
      ::getsockname(listener_, generic, &size) != 0 || ::pipe(stop_) != 0)
    throw std::runtime_error("no server on the loopback interface");
  port_ = ntohs(place.sin_port);
  thread_ = std::thread([this] { run(); });
}

FileServer::~FileServer() {
  ::close(stop_[1]);
  thread_.join();
  ::close(stop_[0]);
  ::close(listener_);
}

std::string FileServer::address(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

void FileServer::serve(const std::string& path, ServedFile file) {
  const std::lock_guard lock(mutex_);
  files_[path] = std::move(file);
}

std::vector<SeenRequest> FileServer::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

/// False once the server is to end.
bool FileServer::wait_for(int descriptor) const {
  pollfd waits[2] = {{descriptor, POLLIN, 0}, {stop_[0], POLLIN, 0}};
  ::poll(waits, 2, -1);
  return waits[1].revents == 0;
}

void FileServer::run() {
  while (wait_for(listener_)) {
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    answer(connection);
    ::close(connection);
  }
}

void FileServer::answer(int connection) {
  std::string text;
  char buffer[4096];
  while (text.find("\r\n\r\n") == std::string::npos) {
    if (!wait_for(connection)) return;
    const auto count = ::recv(connection, buffer, sizeof buffer, 0);
    if (count <= 0) return;
    text.append(buffer, static_cast<std::size_t>(count));
  }
  std::optional<ServedFile> file;
  const auto request = parse(text);
  {
    const std::lock_guard lock(mutex_);
    seen_.push_back(request);
    if (const auto found = files_.find(request.path); found != files_.end()) {
      file = found->second;
      auto& left = found->second;
      if (left.first_answers > 0) --left.first_answers;
      if (left.cuts > 0 && file->first_answers <= 0) --left.cuts;
    }
  }
  if (!file) {
    send_all(connection, status_line(404) + "Content-Length: 0\r\n\r\n");
    return;
  }
  if (!file->location.empty()) {
    send_all(connection, status_line(302) + file->headers + "Location: " +
                             file->location + "\r\nContent-Length: 0\r\n\r\n");
    return;
  }
  if (file->status != 200 && file->first_answers != 0) {
    send_all(connection, status_line(file->status) + file->headers +
                             "Content-Length: 0\r\n\r\n");
    return;
  }
  auto start = start_of(request, *file);
  if (start) *start -= std::min(*start, file->range_shift);
  if (!send_all(connection, headers_for(*file, start))) return;
  std::string_view body = file->content;
  body.remove_prefix(start.value_or(0));
  if (file->cuts > 0)
    body = body.substr(0, file->cut_after);
  else if (file->stalls)
    body = {};
  send_all(connection, body);
  if (file->cuts == 0 && file->stalls) wait_for(connection);
}

}  // namespace igrot::app

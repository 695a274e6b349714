#include "loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace igrot::app {
namespace {

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

}  // namespace

std::string SeenRequest::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

Listener::Listener() {
  descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  auto* generic = reinterpret_cast<sockaddr*>(&place);
  if (::bind(descriptor_, generic, size) != 0 ||
      ::listen(descriptor_, 64) != 0 ||
      ::getsockname(descriptor_, generic, &size) != 0 || ::pipe(stop_) != 0)
    throw std::runtime_error("no server on the loopback interface");
  port_ = ntohs(place.sin_port);
}

Listener::~Listener() {
  stop();
  ::close(stop_[0]);
  ::close(descriptor_);
}

std::string Listener::address() const {
  return "http://127.0.0.1:" + std::to_string(port_);
}

std::optional<int> Listener::accept() const {
  while (wait_for(descriptor_))
    if (const int connection =
            ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC);
        connection >= 0)
      return connection;
  return std::nullopt;
}

bool Listener::wait_for(int descriptor, int timeout_ms) const {
  pollfd waits[2] = {{descriptor, POLLIN, 0}, {stop_[0], POLLIN, 0}};
  ::poll(waits, 2, timeout_ms);
  return waits[1].revents == 0;
}

std::optional<SeenRequest> Listener::read_request(int connection) const {
  std::string text;
  std::optional<SeenRequest> request;
  std::size_t body = 0;    // where it begins
  std::size_t length = 0;  // of it
  char buffer[65536];
  while (!request || text.size() < body + length) {
    if (!wait_for(connection)) return std::nullopt;
    const auto count = ::recv(connection, buffer, sizeof buffer, 0);
    if (count <= 0) return std::nullopt;
    text.append(buffer, static_cast<std::size_t>(count));
    if (const auto end = text.find("\r\n\r\n");
        !request && end != std::string::npos) {
      request = parse(text.substr(0, end + 2));
      body = end + 4;
      if (const auto told = request->header("content-length"); !told.empty())
        length = std::stoul(told);
    }
  }
  request->body = text.substr(body);
  return request;
}

void Listener::stop() {
  if (const int end = std::exchange(stop_[1], -1); end >= 0) ::close(end);
}

bool send_all(int connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent =
        ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string status_line(int status) {
  return "HTTP/1.1 " + std::to_string(status) + " As Told\r\n";
}

}  // namespace igrot::app

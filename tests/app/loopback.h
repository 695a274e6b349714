// What servers of the tests have in common: a socket on the loopback interface,
// requests as they came, answers as bytes.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace igrot::app {

/// The headers of a request, their names in small letters.
struct SeenRequest {
  std::string path;
  std::map<std::string, std::string> headers;
  std::string body;

  std::string header(const std::string& name) const;
};

class Listener {
 public:
  Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();

  /// "http://127.0.0.1:PORT".
  std::string address() const;

  /// The next connection; nothing once it is to stop.
  std::optional<int> accept() const;

  /// Waits until bytes come or the other side goes; false once it is to stop.
  bool wait_for(int descriptor, int timeout_ms = -1) const;

  /// Nothing where the connection ended before.
  std::optional<SeenRequest> read_request(int connection) const;

  void stop();

 private:
  int descriptor_ = -1;
  int stop_[2] = {-1, -1};
  unsigned port_ = 0;
};

bool send_all(int connection, std::string_view bytes);

std::string status_line(int status);

}  // namespace igrot::app

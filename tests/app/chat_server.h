// A server of chat completions on the loopback interface that answers as the
// test says.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "loopback.h"

namespace igrot::app {

struct ChatAnswer {
  std::string body{};
  int status = 200;
  std::string headers{};  ///< further ones, each ending in "\r\n"
  std::chrono::milliseconds after{0};
  bool stalls = false;  ///< never answers
  bool cut = false;     ///< closes the connection instead
};

/// The body of a good answer.
std::string completion(const std::string& caption);

/// The bytes of the picture in a request.
std::string sent_picture(const SeenRequest& request);

/// Many connections at a time.
class ChatServer {
 public:
  /// Called by one thread at a time; `index` counts requests from 0.
  using Answer =
      std::function<ChatAnswer(const SeenRequest&, std::size_t index)>;

  explicit ChatServer(Answer answer);
  ChatServer(const ChatServer&) = delete;
  ChatServer& operator=(const ChatServer&) = delete;
  ~ChatServer();

  std::string endpoint() const { return listener_.address() + "/v1"; }
  std::vector<SeenRequest> seen() const;
  std::size_t most_at_once() const;

 private:
  void run();
  void serve(int connection);
  void reply(int connection, const ChatAnswer& answer) const;

  Answer answer_;
  Listener listener_;
  mutable std::mutex mutex_;
  std::vector<SeenRequest> seen_;
  std::size_t at_once_ = 0;
  std::size_t most_at_once_ = 0;
  std::vector<std::thread> connections_;
  std::thread thread_;
};

}  // namespace igrot::app

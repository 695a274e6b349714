#include "chat_server.h"

#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace igrot::app {
namespace {

using nlohmann::json;

std::string from_base64(std::string_view text) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned bits = 0, count = 0;
  for (const char c : text) {
    const auto digit = digits.find(c);
    if (digit == digits.npos) break;
    bits = bits << 6 | static_cast<unsigned>(digit);
    if ((count += 6) >= 8) bytes += static_cast<char>(bits >> (count -= 8));
  }
  return bytes;
}

}  // namespace

std::string completion(const std::string& caption) {
  return json{{"choices",
               {{{"index", 0},
                 {"message", {{"role", "assistant"}, {"content", caption}}}}}}}
      .dump();
}

std::string sent_picture(const SeenRequest& request) {
  const auto uri = json::parse(request.body)
                       .at("messages")
                       .at(0)
                       .at("content")
                       .at(1)
                       .at("image_url")
                       .at("url")
                       .get<std::string>();
  return from_base64(std::string_view(uri).substr(uri.find(',') + 1));
}

ChatServer::ChatServer(Answer answer)
    : answer_(std::move(answer)), thread_([this] { run(); }) {}

ChatServer::~ChatServer() {
  listener_.stop();
  thread_.join();
  for (auto& connection : connections_) connection.join();
}

std::vector<SeenRequest> ChatServer::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

std::size_t ChatServer::most_at_once() const {
  const std::lock_guard lock(mutex_);
  return most_at_once_;
}

void ChatServer::run() {
  while (const auto connection = listener_.accept())
    connections_.emplace_back([this, socket = *connection] {
      serve(socket);
      ::close(socket);
    });
}

void ChatServer::serve(int connection) {
  const auto request = listener_.read_request(connection);
  if (!request) return;
  ChatAnswer answer;
  {
    const std::lock_guard lock(mutex_);
    seen_.push_back(*request);
    most_at_once_ = std::max(most_at_once_, ++at_once_);
    answer = answer_(*request, seen_.size() - 1);
  }
  std::this_thread::sleep_for(answer.after);
  {
    // Before the answer: it may bring the next request at once.
    const std::lock_guard lock(mutex_);
    --at_once_;
  }
  reply(connection, answer);
}

void ChatServer::reply(int connection, const ChatAnswer& answer) const {
  if (answer.stalls) {
    listener_.wait_for(connection);
    return;
  }
  if (answer.cut) return;
  send_all(connection,
           status_line(answer.status) + answer.headers +
               "Content-Length: " + std::to_string(answer.body.size()) +
               "\r\nConnection: close\r\n\r\n" + answer.body);
}

}  // namespace igrot::app

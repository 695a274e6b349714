#include "file_server.h"

#include <unistd.h>

#include <algorithm>
#include <optional>

namespace igrot::app {
namespace {

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

FileServer::FileServer() : thread_([this] { run(); }) {}

FileServer::~FileServer() {
  listener_.stop();
  thread_.join();
}

std::string FileServer::address(const std::string& path) const {
  return listener_.address() + path;
}

void FileServer::serve(const std::string& path, ServedFile file) {
  const std::lock_guard lock(mutex_);
  files_[path] = std::move(file);
}

std::vector<SeenRequest> FileServer::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

void FileServer::run() {
  while (const auto connection = listener_.accept()) {
    answer(*connection);
    ::close(*connection);
  }
}

void FileServer::answer(int connection) {
  const auto read = listener_.read_request(connection);
  if (!read) return;
  const auto& request = *read;
  std::optional<ServedFile> file;
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
  if (file->cuts == 0 && file->stalls) listener_.wait_for(connection);
}

}  // namespace igrot::app

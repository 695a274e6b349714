// A server of files on the loopback interface that can misbehave in the ways
// real ones do.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "loopback.h"

namespace igrot::app {

struct ServedFile {
  std::string content{};
  std::string etag{};      ///< with its quotes; empty: none is sent
  bool ranges = true;      ///< whether Range is honoured
  bool length = true;      ///< whether Content-Length is sent
  std::string headers{};   ///< further ones, each ending in "\r\n"
  std::string location{};  ///< redirects there
  int status = 200;        ///< another one is all that is sent,
  int first_answers = -1;  ///< in that many first answers (-1: in all)
  /// So many first bodies end after `cut_after` bytes.
  int cuts = 0;
  std::size_t cut_after = 0;
  bool stalls = false;          ///< after the cuts: sends headers, no byte
  std::size_t range_shift = 0;  ///< begins so many bytes too early
};

/// Answers one connection after the other until it is destroyed.
class FileServer {
 public:
  FileServer();
  FileServer(const FileServer&) = delete;
  FileServer& operator=(const FileServer&) = delete;
  ~FileServer();

  /// "http://127.0.0.1:PORT" + path.
  std::string address(const std::string& path = {}) const;

  void serve(const std::string& path, ServedFile file);
  std::vector<SeenRequest> seen() const;

 private:
  void run();
  void answer(int connection);

  Listener listener_;
  mutable std::mutex mutex_;
  std::map<std::string, ServedFile> files_;
  std::vector<SeenRequest> seen_;
  std::thread thread_;
};

}  // namespace igrot::app

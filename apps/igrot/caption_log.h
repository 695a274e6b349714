// Captions as they come in: JSON lines {"image", "caption", "model"}, each on
// the disk before the next picture is asked for, so that another run goes on
// where one ended, however it ended.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace igrot::app {

struct LoggedCaption {
  std::string image;
  std::string caption;
  std::string model;
};

/// One process at a time holds it. Not for many threads.
class CaptionLog {
 public:
  /// Opens or makes the file and reads what is there; a last line that was cut
  /// goes. field: the name of the caption. Throws Error: corrupt (another line
  /// that is none), io (also when another process holds it).
  CaptionLog(std::filesystem::path path, std::string field);
  CaptionLog(const CaptionLog&) = delete;
  CaptionLog& operator=(const CaptionLog&) = delete;
  ~CaptionLog();

  /// The caption of that picture, or null.
  const std::string* find(const std::string& image) const;

  /// The models that made those.
  const std::set<std::string>& models() const { return models_; }

  /// On the disk when it returns. Throws Error: io.
  void append(const LoggedCaption& caption);

 private:
  void read();
  void take_lines(std::string_view text);
  void write(std::string_view line);
  void truncate(std::size_t size_bytes);
  [[noreturn]] void fail_to(const char* doing) const;

  std::filesystem::path path_;
  std::string field_;
  std::map<std::string, std::string, std::less<>> captions_;
  std::set<std::string> models_;
  int descriptor_ = -1;
};

}  // namespace igrot::app

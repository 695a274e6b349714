#include "caption_log.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/bytes.h"
#include "base/fail.h"
#include "data/text_file.h"
#include "lines.h"

namespace igrot::app {
namespace {

/// As a name reads once it went through JSON: what is not UTF-8 is U+FFFD.
std::string as_logged(const std::string& name) {
  return parse_json(json_text(name)).get<std::string>();
}

bool is_whole(std::string_view line) {
  try {
    return parse_json(std::string(line)).is_object();
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

CaptionLog::CaptionLog(std::filesystem::path path, std::string field)
    : path_(std::move(path)), field_(std::move(field)) {
  descriptor_ =
      ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_APPEND, 0666);
  if (descriptor_ < 0) fail_to("open");
  try {
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0)
      fail(ErrorKind::io, "{}: another program is writing captions there",
           path_.string());
    read();
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

CaptionLog::~CaptionLog() {
  ::close(descriptor_);
}

void CaptionLog::fail_to(const char* doing) const {
  fail(ErrorKind::io, "{}: cannot {}: {}", path_.string(), doing,
       std::strerror(errno));
}

void CaptionLog::read() {
  const auto bytes = read_list_file(path_);
  const auto text = as_text(bytes);
  const auto end = text.rfind('\n') + 1;  // 0 where there is none
  const auto last = text.substr(end);
  take_lines(text.substr(0, end));
  if (last.empty()) return;
  if (is_whole(last)) {
    take_lines(last);
    write("\n");
  } else {
    truncate(end);
  }
}

void CaptionLog::take_lines(std::string_view text) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.find_first_not_of(" \t\r") == line.npos) continue;
    at(fmt::format("{}: line {}", path_.string(), number), [&] {
      const auto json = parse_json(std::string(line));
      auto image = text_field(json, "image");
      captions_[std::move(image)] = text_field(json, field_);
      if (json.contains("model")) models_.insert(text_field(json, "model"));
    });
  }
}

const std::string* CaptionLog::find(const std::string& image) const {
  const auto found = captions_.find(as_logged(image));
  return found == captions_.end() ? nullptr : &found->second;
}

void CaptionLog::append(const LoggedCaption& caption) {
  write(json_text({{"image", caption.image},
                   {field_, caption.caption},
                   {"model", caption.model}}) +
        "\n");
  captions_[as_logged(caption.image)] = caption.caption;
}

void CaptionLog::write(std::string_view line) {
  while (!line.empty()) {
    const auto written = ::write(descriptor_, line.data(), line.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_to("write");
    line.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(descriptor_) != 0 && errno != EINVAL) fail_to("sync");
}

void CaptionLog::truncate(std::size_t size_bytes) {
  if (::ftruncate(descriptor_, static_cast<off_t>(size_bytes)) != 0)
    fail_to("cut");
}

}  // namespace igrot::app

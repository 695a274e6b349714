// What `igrot data caption` is given: pictures, the names they get in the log,
// the prompt, the key.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "caption_run.h"

namespace igrot::app {

/// The pictures below a folder, those of a list of paths, or one picture.
/// Folders that cannot be listed are told as warnings. Throws Error: not_found,
/// corrupt, io.
std::vector<std::filesystem::path> find_pictures(
    const std::filesystem::path& given, const Session& session);

/// Names in the log are relative to its folder where pictures lie below it.
class CaptionNames {
 public:
  /// log: the file.
  explicit CaptionNames(const std::filesystem::path& log);

  CaptionJob job(const std::filesystem::path& file) const;

  /// Each picture once, in the order of first appearance.
  std::vector<CaptionJob> jobs(
      const std::vector<std::filesystem::path>& files) const;

 private:
  std::filesystem::path folder_;
};

/// The words, or those in the file behind an @, without line ends behind them.
/// Throws Error: usage (nothing, not UTF-8), not_found, unsupported, io.
std::string caption_prompt(const std::string& given);

/// IGROT_API_KEY, else OPENAI_API_KEY, without spaces around it; empty: none.
/// Throws Error: usage (characters that would change the request).
std::string caption_key(const Session& session);

}  // namespace igrot::app

// Captions of many pictures, several asked for at a time.
#pragma once

#include <atomic>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "caption_client.h"
#include "caption_log.h"
#include "session.h"
#include "stage_bar.h"

namespace igrot::app {

struct CaptionOrder {
  CaptionServer server;
  std::size_t jobs = 4;  ///< pictures asked for at a time
  std::size_t longest_side =
      2048;  ///< pixels; longer pictures are made smaller
};

/// One picture to ask for.
struct CaptionJob {
  std::filesystem::path file;
  std::string name;  ///< in the log
};

struct SkippedPicture {
  std::string file;
  Error error;
};

struct CaptionCounts {
  std::size_t written = 0;
  std::vector<SkippedPicture> skipped;  ///< in the order they ended
};

/// Asks for each and appends it to the log as it comes in. A picture that
/// cannot be read or that the server refuses is skipped with a warning. Ctrl-C
/// ends it; what was written stays. Throws Error: what would end all pictures
/// alike, ten failures of the server in a row, or nothing but failures; io (of
/// the log).
CaptionCounts run_captions(const std::vector<CaptionJob>& jobs,
                           const CaptionOrder& order, CaptionLog& log,
                           const Session& session);

}  // namespace igrot::app

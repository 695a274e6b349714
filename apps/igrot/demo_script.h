// What the demo shows and asks: demo.json beside the shipped model, and the
// shipped part of the emoji benchmark.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "question.h"

namespace igrot::app {

struct DemoQuestion {
  std::string title;
  Question question;
};

struct DemoScript {
  std::vector<std::filesystem::path> folders;  ///< of pictures to index
  std::vector<DemoQuestion> questions;         ///< at least one
};

/// `file` holds {"folders": [...], "questions": [{"title", "image" or "sketch",
/// "text"}]}; paths are relative to `pack`. Throws Error: not_found, corrupt.
DemoScript read_demo_script(const std::filesystem::path& file,
                            const std::filesystem::path& pack);

/// The pictures of the pack that the shipped model was never trained on, each
/// with what is new about it: the emoji, or the artist. Throws Error: as
/// `read_emoji`.
std::map<std::filesystem::path, std::string> never_seen(
    const std::filesystem::path& pack);

}  // namespace igrot::app

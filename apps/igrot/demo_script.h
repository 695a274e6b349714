// What the demo asks: demo.json beside the shipped pictures.
#pragma once

#include <filesystem>
#include <string>

#include "question.h"

namespace igrot::app {

struct DemoScript {
  bool trained = false;  ///< whether the shipped model has learnt anything
  Question composed;     ///< a picture and words
  Question sketched;
};

/// `folder` holds demo.json {"trained", "composed": {"image", "text"},
/// "sketch": {"image"}} with paths relative to it, and pictures/. Throws Error:
/// not_found, corrupt.
DemoScript read_demo_script(const std::filesystem::path& folder);

}  // namespace igrot::app

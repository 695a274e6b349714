// A bar for what is being done, and room for warnings meanwhile.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "session.h"

namespace igrot::app {

/// May be told things from many threads.
class StageBar {
 public:
  explicit StageBar(const Session& session) : session_(session) {}

  void show(std::string_view doing, std::size_t done, std::size_t total);
  void warn(std::string_view sentence);

 private:
  const Session& session_;
  std::mutex mutex_;
  std::string doing_;
  std::unique_ptr<ProgressBar> bar_;
};

}  // namespace igrot::app

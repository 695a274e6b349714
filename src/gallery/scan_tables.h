// The comparison behind Scan, done in temporary tables of the writer's
// connection.
#pragma once

#include "gallery/writing.h"

namespace igrot {

/// Not to outlive its writer.
class ScanTables {
 public:
  explicit ScanTables(Writer& writer);
  ScanTables(const ScanTables&) = delete;
  ScanTables& operator=(const ScanTables&) = delete;
  ~ScanTables();

  void see(const FileState& file);
  void add_walked(const std::filesystem::path& folder);
  void add_unreadable(const std::filesystem::path& folder);
  ScanCounts finish(const HashFile& hash);
  std::vector<WantedFile> next(std::size_t limit);

 private:
  struct Open;

  void flush();
  void compare_states();
  void settle(const HashFile& hash);
  void settle(const Open& file, const HashFile& hash);
  bool claim_moved(const Open& file, const std::string& content);
  void mark(const Open& file, int state,
            const std::optional<std::string>& content);
  void apply();
  void remove_missing(const ItemPaths::Range& range);
  ScanCounts count() const;

  Writer& writer_;
  std::vector<std::pair<std::string, FileState>> pending_;
  std::vector<ItemPaths::Range> walked_;
  std::vector<ItemPaths::Range> unreadable_;
  std::size_t deleted_ = 0;
  std::int64_t last_wanted_ = 0;
};

}  // namespace igrot

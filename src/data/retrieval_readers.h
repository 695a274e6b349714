// The readers behind the table of retrieval sets, a file each, and what they
// share.
#pragma once

#include <map>

#include "data/retrieval_set.h"

namespace igrot {

using RetrievalSets = std::vector<RetrievalSet>;

RetrievalSets read_fashioniq(const std::filesystem::path& root,
                             std::string_view split);
RetrievalSets read_cirr(const std::filesystem::path& root,
                        std::string_view split);
RetrievalSets read_circo(const std::filesystem::path& root,
                         std::string_view split);
RetrievalSets read_lasco(const std::filesystem::path& root,
                         std::string_view split);
RetrievalSets read_dtin(const std::filesystem::path& root,
                        std::string_view split);
RetrievalSets read_sketchy_sets(const std::filesystem::path& root,
                                std::string_view split);
RetrievalSets read_tuberlin(const std::filesystem::path& root,
                            std::string_view split);
RetrievalSets read_quickdraw(const std::filesystem::path& root,
                             std::string_view split);

/// Fills the gallery of a set whose pictures have names.
class NamedGallery {
 public:
  /// list: the file that names them, for messages.
  NamedGallery(RetrievalSet& set, const std::filesystem::path& list);

  /// A name that is there already is passed over.
  void add(const std::string& name, std::filesystem::path file);

  /// Throws Error: corrupt (no picture of that name; `what` is called so).
  std::size_t row(const std::string& name, std::string_view what) const;

  std::optional<std::size_t> find(const std::string& name) const;

 private:
  RetrievalSet& set_;
  std::string list_;
  std::map<std::string, std::size_t, std::less<>> rows_;
};

/// A list of pictures and their classes: a line `path id` each. The path may
/// hold spaces.
struct ClassList {
  std::vector<std::filesystem::path> files;  ///< absolute
  std::vector<std::uint64_t> classes;
};

/// Throws Error: not_found, corrupt (naming file and line), unsupported, io.
ClassList read_class_list(const std::filesystem::path& root,
                          const std::filesystem::path& list);

/// The rows of each class.
std::map<std::uint64_t, SharedRows> rows_by_class(const ClassList& gallery);

/// The first of these below `root` that is there; the first of all where none
/// is. Data sets have a public name and those that programs wait for.
std::filesystem::path first_file(const std::filesystem::path& root,
                                 std::initializer_list<std::string_view> names);

}  // namespace igrot

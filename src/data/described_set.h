// Data sets of one's own that one TOML file describes: composed questions from
// a table, or folders of classes. The file's keys: docs/datasets.md.
#pragma once

#include "data/retrieval_set.h"

namespace igrot {

enum class SetKind {
  composed,  ///< a table of questions: a picture, words, what is right
  classes,   ///< folders: what is right lies in the folder of the same name
};

/// What the columns of the table are called. Of objects within objects:
/// "outer.inner". Optional ones are read where the table has them.
struct QuestionColumns {
  std::string query = "query";
  std::vector<std::string> text{"text"};  ///< several captions, or none
  std::string target = "target";
  std::string id = "id";            ///< optional
  std::string subset = "subset";    ///< optional
  std::string kind = "kind";        ///< optional
  std::string picture = "picture";  ///< of the gallery's table
};

/// The file, as it stands there. Paths are relative to a root.
struct DescribedSet {
  std::filesystem::path file;
  std::string name;  ///< by default the file's, without ".toml"
  SetKind kind = SetKind::composed;
  std::string queries = {};  ///< a table; of classes a folder or a list
  /// A folder, a pattern or a table; of classes a folder or a list; empty: what
  /// the questions name.
  std::string gallery = {};
  std::string pictures{"{}"};  ///< the path of a picture that a table calls {}
  QuestionColumns columns = {};
  std::string separator{";"};  ///< between several names in a cell of a CSV
  std::vector<std::string> classes = {};  ///< those that count; none: all
  PictureRecipe recipe = {};

  // How it is asked: as `Benchmark` (eval) has it.
  std::string prompt = {};
  std::string joint{" and "};
  bool lower_case = false;
  bool removes_own = true;
  double union_share = 0;
  std::string metrics = {};  ///< by default those of the kind
};

/// Reads the TOML file. Throws Error: usage (not TOML, no such key, a value of
/// another type; naming file and line), not_found, unsupported (over 1 MiB),
/// io.
DescribedSet read_description(const std::filesystem::path& file);

/// Reads what the file describes below `root` (absolute); pictures are not
/// looked at. Throws Error: usage (a path that leads out of the root), corrupt
/// (naming file and entry or line), not_found, unsupported, io.
RetrievalSet read_described_set(const DescribedSet& described,
                                const std::filesystem::path& root);

}  // namespace igrot

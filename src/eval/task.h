// What is asked of what: a gallery, and questions with right answers in it.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "data/shared_rows.h"
#include "data/training_set.h"

namespace igrot {

struct EvalQuestion {
  std::filesystem::path picture;
  std::string text;                  ///< for methods that read words
  SharedRows relevant;               ///< rows of the gallery
  std::vector<std::size_t> removed;  ///< rows left out of this ranking
  std::string split;                 ///< "seen", "unseen"
  std::vector<std::string> kinds;    ///< what the words do, or none
  std::string id = {};               ///< as a server knows it
  /// The answer that was meant, where recall counts no other.
  std::optional<std::size_t> target = {};
  std::vector<std::size_t> subset = {};  ///< rows of a smaller ranking
  /// The same said in another order: the question's vector is the mean of both,
  /// brought to length 1.
  std::optional<std::string> other_text = {};
};

struct EvalTask {
  std::string name;  ///< "line-noto"
  std::vector<std::filesystem::path> gallery;
  std::vector<EvalQuestion> questions;
  std::vector<std::string> names = {};  ///< of the gallery, for submissions
  bool judged = true;  ///< whether right answers are known; else only ranked
  PictureRecipe recipe = {};
  std::vector<std::filesystem::path> lists = {};  ///< files that told all this
};

/// `count` of `all` indices, evenly spread from the first on; all of them where
/// there are no more.
std::vector<std::size_t> spread_indices(std::size_t all, std::size_t count);

/// Keeps the questions of a split.
void keep_split(EvalTask& task, std::string_view split);

/// Keeps at most `limit` questions, evenly spread.
void keep_spread(EvalTask& task, std::size_t limit);

/// Keeps of the gallery what a question shows or asks for.
void keep_asked(EvalTask& task);

/// The task without these files: rows of the gallery are renumbered, questions
/// about a missing picture, or that lost their last right answer, are gone.
EvalTask without_files(const EvalTask& task,
                       const std::set<std::filesystem::path>& missing);

}  // namespace igrot

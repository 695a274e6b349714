// What a person asks, as the command line says it: words, pictures, a sketch,
// things that should not be there. Source of the terms: rclip's grammar,
// "./a.jpg + 2:night - fruit".
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace igrot::app {

struct AskedPicture {
  std::filesystem::path path;
  float weight = 1;
};

struct Question {
  std::vector<AskedPicture> pictures;
  std::optional<std::filesystem::path> sketch;
  std::string text;  ///< empty: no words
  float text_weight = 1;
  std::vector<std::filesystem::path> negative_pictures;
  std::vector<std::string> negative_texts;
  std::optional<float> negative_weight;

  bool has_pictures() const { return !pictures.empty() || sketch; }
  bool empty() const { return !has_pictures() && text.empty(); }
};

/// Tells whether a word of the command line names a picture file.
using IsPicture = std::function<bool(std::string_view)>;

/// Reads terms separated by the words + and -. A term is a picture's path or
/// words, "2:" before it is its weight. Several terms of words are joined by
/// commas. Throws Error: usage (sign without a term, two weights for words).
void read_terms(const std::vector<std::string>& words,
                const IsPicture& is_picture, Question& question);

/// "a.jpg=2" is a.jpg with weight 2, unless a file has that whole name.
/// Throws Error: usage (weight not above 0).
AskedPicture read_weighted_picture(const std::string& text);

/// Adds what --not names.
void read_negative(const std::string& text, const IsPicture& is_picture,
                   Question& question);

/// True for an existing regular file that starts like a picture. What is
/// written as a path (./a.jpg, /a.jpg) has to be one. Throws Error: not_found.
bool names_picture(std::string_view word);

}  // namespace igrot::app

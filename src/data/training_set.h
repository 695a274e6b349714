// What a training run reads: samples with the files of their pictures, and how
// the pictures of that data set become pixels.
// Source: method.md 7, and 9 items 4 and 5.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "igrot/image.h"
#include "igrot/tensor.h"

namespace igrot {

/// How pictures of a data set become a model's pixels, besides `Preprocess`.
struct PictureRecipe {
  Convert convert = Convert::as_opened;
  /// Pictures that are not RGB become RGBA before anything else (LAION-CIR).
  bool rgba_unless_rgb = false;
  /// Every row of pixels of the result is divided by its L2 norm (LaSCo).
  bool row_normalize = false;

  friend bool operator==(const PictureRecipe&, const PictureRecipe&) = default;
};

/// Pixels [3, side, side] of one file. The recipe says when the picture becomes
/// RGB, whatever `preprocess.convert` is. Throws Error, naming the file.
Tensor read_pixels(const std::filesystem::path& file,
                   const Preprocess& preprocess, const PictureRecipe& recipe);

/// The same from a picture that is already open: what `read_pixels` does after
/// opening, up to the 8-bit square; and from that square to numbers.
Image square_picture(const Image& opened, const Preprocess& preprocess,
                     const PictureRecipe& recipe);
Tensor square_pixels(const Image& square, const Preprocess& preprocess,
                     const PictureRecipe& recipe);

/// One training sample of mode `composed`: files are absolute.
struct Triplet {
  std::filesystem::path reference;
  std::string text;
  std::filesystem::path target;
};

/// One sample of mode `clip`: a picture, its words, and perhaps another drawing
/// of the same thing.
struct CaptionedPicture {
  std::filesystem::path image;
  std::string text;
  std::optional<std::filesystem::path> other;
};

struct TripletSet {
  std::string name;
  PictureRecipe recipe;
  std::vector<Triplet> triplets;
};

struct CaptionSet {
  std::string name;
  PictureRecipe recipe;
  std::vector<CaptionedPicture> samples;
};

/// One row a public training set. `root` is the folder with the public layout.
struct TrainingSetRow {
  std::string_view name;  ///< "llavasco", "laion-template", "laion-llm", ...
  std::string_view what;  ///< one line for people
  /// root: absolute. llava: append " with " and the caption of the target
  /// (LlavaSCo; other sets have none).
  TripletSet (*read)(const std::filesystem::path& root, bool llava);
};

std::span<const TrainingSetRow> training_sets();

/// Reads the training set of that name; its pictures are not looked at. Throws
/// Error: usage (no such name, it lists the known ones), not_found, corrupt
/// (naming file and entry, from 0, or line), unsupported (a list of over 2
/// GiB), io. Layouts: docs/datasets.md.
TripletSet read_training_set(std::string_view name,
                             const std::filesystem::path& root, bool llava);

/// JSONL lines {"reference", "text", "target"}; relative paths from `root`,
/// which is by default the folder of the file. Pictures are taken as opened.
/// Throws Error: not_found, corrupt (naming file and line), unsupported, io.
TripletSet read_triplets(const std::filesystem::path& file,
                         const std::filesystem::path& root = {});

/// JSONL lines {"image", "text"} with an optional "other"; likewise.
CaptionSet read_captions(const std::filesystem::path& file,
                         const std::filesystem::path& root = {});

}  // namespace igrot

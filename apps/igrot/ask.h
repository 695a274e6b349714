// From what a person asks to what the model is asked.
#pragma once

#include <optional>
#include <string>

#include "igrot/image.h"
#include "igrot/retriever.h"
#include "question.h"
#include "session.h"

namespace igrot::app {

/// How pictures of a question are opened and cut: as those of the gallery.
struct PictureRecipe {
  OpenOptions open;
  Preprocess preprocess;
};

/// Which fusion a question gets, and what of it depends on that.
struct FusionChoice {
  Fusion fusion = Fusion::text;
  float picture_weight = 0.5F;
};

/// What the settings say about fusing.
struct AskSettings {
  std::optional<Fusion> fusion;
  float picture_weight = 0.5F;
  float negative_weight = 0.5F;
  std::string sketch_prompt;
};

/// Reads --fusion, --weight, --negative-weight and --sketch-prompt.
AskSettings ask_settings(const Session& session);

/// The setting where there is one. Else words alone are `text`; weights in the
/// terms ask for `weighted` with these shares; one picture goes through
/// TransAgg where the model has it; otherwise `sum`, and `image` for pictures
/// without words.
FusionChoice choose_fusion(const Question& question,
                           const AskSettings& settings,
                           bool model_has_transagg);

/// Opens the pictures and puts the question together. A sketch without words
/// gets the prompt. Throws Error: usage (nothing to look for), and what opening
/// pictures throws.
Query make_query(Question& question, const AskSettings& settings,
                 const PictureRecipe& recipe, bool model_has_transagg);

}  // namespace igrot::app

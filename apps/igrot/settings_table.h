// Every setting of the program that may stand in an environment variable or a
// configuration file, one row each. Options, help, `igrot config` and the tests
// walk this table.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace igrot::app {

/// How a value is written.
enum class ValueKind {
  text,
  path,    ///< in a file: relative to the folder of that file
  model,   ///< a path, or the name of a known model
  count,   ///< 0, 1, 2, ...
  number,  ///< 0.5
  choice,  ///< one of `choices`
  yes_no,  ///< yes or no; the option needs no value
};

struct SettingRow {
  std::string_view name;    ///< also the key in igrot.toml
  std::string_view option;  ///< as CLI11 takes it
  ValueKind kind;
  std::string_view choices;   ///< "a|b|c", for choices
  std::string_view reserved;  ///< choices that answer "unsupported" for now
  std::string_view default_value;
  std::string_view help;
};

inline constexpr std::array setting_rows{
    SettingRow{"gallery", "--gallery", ValueKind::path, "", "", "",
               "the gallery's folder [index: .igrot in the first DIR; else the "
               "nearest .igrot upwards from here]"},
    SettingRow{"model", "--model", ValueKind::model, "", "", "",
               "checkpoint, model folder, or a name of igrot model list [the "
               "gallery's own, else the shipped model]"},
    SettingRow{"activation", "--activation", ValueKind::choice,
               "quick_gelu|gelu|gelu_pytorch_tanh", "", "",
               "GELU of model files that cannot say which they use"},
    SettingRow{"engine", "--engine", ValueKind::choice, "dnnl|plain", "torch",
               "dnnl", "what computes"},
    SettingRow{"precision", "--precision", ValueKind::choice, "auto|f32|bf16",
               "int8", "auto",
               "of the computation; auto: bf16 where the processor has it"},
    SettingRow{"threads", "--threads", ValueKind::count, "", "", "0",
               "0: as many as there are processors"},
    SettingRow{"batch", "--batch", ValueKind::count, "", "", "32",
               "pictures computed together"},
    SettingRow{"target", "--target", ValueKind::choice,
               "auto|original|sum|union", "", "auto",
               "which vector stands for a picture; auto: union where the model "
               "has that head, else original"},
    SettingRow{"pad", "--pad", ValueKind::choice, "target|square|none", "",
               "target", "how pictures are padded"},
    SettingRow{"ratio", "--ratio", ValueKind::number, "", "", "1.25",
               "long to short side up to which `--pad target` adds nothing"},
    SettingRow{"alpha", "--alpha", ValueKind::choice, "white|drop", "", "white",
               "what transparent pictures are put on; drop: nothing"},
    SettingRow{"convert-first", "--convert-first,!--as-opened",
               ValueKind::yes_no, "", "", "yes",
               "convert to RGB before padding"},
    SettingRow{"exif", "--exif,!--no-exif", ValueKind::yes_no, "", "", "yes",
               "turn pictures as their EXIF data say"},
    SettingRow{"icc", "--icc", ValueKind::choice, "ignore|apply", "", "ignore",
               "colour profiles of pictures; apply: to sRGB"},
    SettingRow{"decode", "--decode", ValueKind::choice, "exact", "fast",
               "exact", "how pictures are decoded"},
    SettingRow{"k", "-k,--count", ValueKind::count, "", "", "10",
               "how many pictures are shown"},
    SettingRow{"min-score", "--min-score", ValueKind::number, "", "", "-1",
               "show only pictures that score at least this"},
    SettingRow{"fusion", "--fusion", ValueKind::choice,
               "auto|transagg|sum|weighted|image|text", "", "auto",
               "how picture and words become one question; auto: transagg "
               "where the model has it, else sum"},
    SettingRow{"weight", "--weight", ValueKind::number, "", "", "0.5",
               "share of the picture in `--fusion weighted`"},
    SettingRow{"negative-weight", "--negative-weight", ValueKind::number, "",
               "", "0.5", "how strongly `--not` pushes away"},
    SettingRow{"sketch-prompt", "--sketch-prompt", ValueKind::text, "", "",
               "a real image of sketch",
               "the words of a sketch that comes without words"},
    SettingRow{"data", "--data", ValueKind::path, "", "", "",
               "folder of the shipped model and pictures"},
    SettingRow{"vectors", "--vectors", ValueKind::path, "", "", "",
               "where evaluations keep vectors for the next one "
               "[igrot/vectors in $XDG_CACHE_HOME or ~/.cache]"},
    SettingRow{"keep-vectors", "--keep-vectors,!--no-keep-vectors",
               ValueKind::yes_no, "", "", "yes",
               "use and keep vectors that evaluations compute"},
    SettingRow{"model-mirror", "--mirror", ValueKind::text, "", "", "",
               "fetch models from MIRROR/HOST/PATH instead of "
               "https://HOST/PATH"},
};

/// The row of that name. A name without a row is a mistake of the caller.
const SettingRow& setting_row(std::string_view name);

/// IGROT_MIN_SCORE for "min-score".
std::string variable_name(std::string_view setting);

}  // namespace igrot::app

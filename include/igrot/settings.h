// Named choices, each with the names it has on the command line, in files and
// in Python. Where the reference program contradicts itself (method.md 9),
// one of these decides.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace igrot {

/// Which vector stands for a gallery picture (method.md 5).
enum class Target {
  original,  ///< the picture's feature
  sum,       ///< plus the feature of the empty text
  union_,    ///< the UNION head of the picture and the empty text
};

/// How `Target::sum` adds (method.md 9, item 2).
enum class SumConvention {
  eval,   ///< raw features, the sum normalised by whoever compares
  train,  ///< unit features, the sum left as it is
};

/// What the fusion does with padding positions of the text (method.md 9,
/// item 3).
enum class Mask {
  automatic,  ///< as the reference: added while training, else boolean
  added,      ///< +1 on the logits of padding keys
  boolean,    ///< padding keys are masked out
};

/// How picture and words become one query vector (method.md 4 and 10).
enum class Fusion { transagg, sum, weighted, image, text };

enum class Precision {
  automatic,  ///< bf16 where the processor multiplies it, else f32
  f32,
  bf16,
};

enum class Engine {
  plain,  ///< clear loops, one thread: the yardstick
  dnnl,   ///< oneDNN
};

/// One row of a table of named choices.
template <class Choice>
struct Named {
  Choice choice;
  std::string_view name;
};

template <class Choice>
Named(Choice, std::string_view) -> Named<Choice>;

inline constexpr std::array targets{Named{Target::original, "original"},
                                    Named{Target::sum, "sum"},
                                    Named{Target::union_, "union"}};
inline constexpr std::array sum_conventions{
    Named{SumConvention::eval, "eval"}, Named{SumConvention::train, "train"}};
inline constexpr std::array masks{Named{Mask::automatic, "auto"},
                                  Named{Mask::added, "added"},
                                  Named{Mask::boolean, "bool"}};
inline constexpr std::array fusions{
    Named{Fusion::transagg, "transagg"}, Named{Fusion::sum, "sum"},
    Named{Fusion::weighted, "weighted"}, Named{Fusion::image, "image"},
    Named{Fusion::text, "text"}};
inline constexpr std::array precisions{Named{Precision::automatic, "auto"},
                                       Named{Precision::f32, "f32"},
                                       Named{Precision::bf16, "bf16"}};
inline constexpr std::array engines{Named{Engine::plain, "plain"},
                                    Named{Engine::dnnl, "dnnl"}};

/// The name a choice has in its table.
template <class Choice, std::size_t size>
constexpr std::string_view name_of(const std::array<Named<Choice>, size>& table,
                                   Choice choice) {
  for (const auto& row : table)
    if (row.choice == choice) return row.name;
  return {};
}

/// The choice of that name, if the table has it.
template <class Choice, std::size_t size>
constexpr std::optional<Choice> find_choice(
    const std::array<Named<Choice>, size>& table, std::string_view name) {
  for (const auto& row : table)
    if (row.name == name) return row.choice;
  return std::nullopt;
}

}  // namespace igrot

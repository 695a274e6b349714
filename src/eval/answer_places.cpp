#include "eval/answer_places.h"

#include <algorithm>

namespace igrot {
namespace {

using Lists = std::vector<std::vector<std::size_t>>;

template <class ListOf>
Lists lists_of(std::span<const EvalQuestion> questions, const ListOf& list_of) {
  Lists lists;
  for (const auto& question : questions) lists.push_back(list_of(question));
  return lists;
}

std::vector<std::size_t> target_of(const EvalQuestion& question) {
  if (!question.target) return {};
  return {*question.target};
}

bool any_target(std::span<const EvalQuestion> questions) {
  return std::ranges::any_of(questions, [](const EvalQuestion& question) {
    return question.target.has_value();
  });
}

bool any_subset(std::span<const EvalQuestion> questions) {
  return std::ranges::any_of(questions, [](const EvalQuestion& question) {
    return !question.subset.empty();
  });
}

}  // namespace

std::vector<AnswerPlaces> answer_places(std::span<const EvalQuestion> questions,
                                        MatrixView queries, MatrixView gallery,
                                        std::size_t threads) {
  const auto removed = lists_of(
      questions, [](const EvalQuestion& question) { return question.removed; });
  const auto ranks = [&](const Lists& rows) {
    return relevant_ranks(queries, gallery, rows, removed, threads);
  };
  std::vector<AnswerPlaces> places(questions.size());
  auto right = ranks(lists_of(questions, [](const EvalQuestion& question) {
    return question.relevant.list();
  }));
  auto first = first_ranks(right);
  for (std::size_t q = 0; q < places.size(); ++q) {
    places[q].right = std::move(right[q]);
    places[q].target = first[q];
  }
  if (any_target(questions)) {
    const auto meant = first_ranks(ranks(lists_of(questions, target_of)));
    for (std::size_t q = 0; q < places.size(); ++q)
      if (questions[q].target) places[q].target = meant[q];
  }
  if (any_subset(questions)) {
    const auto subset =
        ranks(lists_of(questions, [](const EvalQuestion& question) {
          return question.subset;
        }));
    for (std::size_t q = 0; q < places.size(); ++q)
      if (places[q].target != unranked)
        places[q].in_subset = static_cast<std::size_t>(
            std::ranges::lower_bound(subset[q], places[q].target) -
            subset[q].begin());
  }
  return places;
}

}  // namespace igrot

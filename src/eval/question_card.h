// A question on a page: what was asked, and what was found in one or more ways.
#pragma once

#include <optional>
#include <set>

#include "eval/page_pictures.h"

namespace igrot {

struct CardHit {
  std::filesystem::path picture;
  double score = 0;
  bool right = false;
};

/// What was found in one way.
struct CardRow {
  std::string label;                 ///< "A", or empty
  std::optional<std::size_t> place;  ///< of the first right answer, from 1
  std::vector<CardHit> hits;
  /// The first right answer, shown where it is not among the hits.
  std::optional<std::filesystem::path> answer;
};

struct QuestionCard {
  std::string task;
  std::string method;
  std::string split;
  std::vector<std::string> kinds;
  std::filesystem::path picture;
  std::string words;
  bool picture_read = true;  ///< by the method
  bool words_read = true;
  bool judged = true;
  std::vector<std::string> notes;  ///< a line each
  std::vector<CardRow> rows;       ///< the last one is what filters look at
  std::size_t asked = 0;           ///< place among the questions
};

/// What the cards of a page may be told apart by.
struct CardChoices {
  std::set<std::string> tasks;
  std::set<std::string> methods;
  std::set<std::string> splits;
  std::set<std::string> kinds;
  bool judged = false;

  void add(const QuestionCard& card);
};

/// Whether the first right answer is among the hits that are shown.
bool is_hit(const CardRow& row);

std::string card_html(const QuestionCard& card, PagePictures& pictures);

/// The form that filters and orders the cards of a page; it shows itself once
/// the page's script runs. in_order: what the order is called that the page has
/// without it; empty: misses first, which only judged cards can have.
std::string filter_form_html(const CardChoices& choices,
                             std::string_view in_order = {});

}  // namespace igrot

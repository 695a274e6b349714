// What can be wrong with a file that is sent to a benchmark's server, and what
// to do about it. Source: the pages of the CIRR and CIRCO servers;
// docs/metrics.md.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace igrot::app {

enum class Fault {
  empty,
  encoding,
  cut_off,
  not_json,
  not_an_object,
  repeated_key,
  too_large,
  unknown_format,
  no_version,
  wrong_version,
  no_metric,
  wrong_metric,
  other_metric,
  stray_key,
  not_a_query,
  other_split,
  missing_query,
  unknown_query,
  too_few_queries,
  too_many_queries,
  not_a_list,
  no_names,
  too_few_names,
  too_many_names,
  repeated_name,
  nested_names,
  number_for_name,
  text_for_number,
  not_whole,
  blank_name,
  path_for_name,
  strange_name,
  strange_number,
  same_everywhere,
  unknown_picture,
  own_picture,
  outside_subset,
};

/// One row a fault, in the order of the enumerators.
struct FaultRow {
  Fault fault;
  std::string_view name;
  std::string_view advice;
};

inline constexpr std::array fault_rows{
    FaultRow{Fault::empty, "empty",
             "Write the file again; the program that wrote it may have ended "
             "before it was done."},
    FaultRow{Fault::encoding, "encoding",
             "Save the file as UTF-8 without a byte order mark (Python: "
             "open(file, 'w', encoding='utf-8'))."},
    FaultRow{Fault::cut_off, "cut_off",
             "Write or copy the file again; its end is missing."},
    FaultRow{
        Fault::not_json, "not_json",
        "Write the file with a JSON library (Python: json.dump), not with "
        "print or str. JSON wants double quotes, no comma before a closing "
        "bracket, no NaN, one document."},
    FaultRow{Fault::not_an_object, "not_an_object",
             "The file must be one object: {\"QUERY\": [NAMES], ...}."},
    FaultRow{Fault::repeated_key, "repeated_key",
             "Write every key once; of two the server sees only the last."},
    FaultRow{Fault::too_large, "too_large",
             "Send no more names for a query than are asked for, and write "
             "without indentation (Python: json.dump(x, file))."},
    FaultRow{Fault::unknown_format, "unknown_format",
             "A CIRR file has the keys \"version\" and \"metric\" and lists of "
             "names, a CIRCO file nothing but lists of numbers. Say which it "
             "is with --as cirr or --as circo to be told more."},
    FaultRow{Fault::no_version, "no_version",
             "Add \"version\": \"rc2\" beside the queries."},
    FaultRow{Fault::wrong_version, "wrong_version",
             "It must be \"version\": \"rc2\", the version of the captions."},
    FaultRow{Fault::no_metric, "no_metric",
             "Add \"metric\": \"recall\" to the file with 50 names a query, "
             "\"metric\": \"recall_subset\" to the one with 3."},
    FaultRow{Fault::wrong_metric, "wrong_metric",
             "It must be \"recall\" or \"recall_subset\", in these letters."},
    FaultRow{Fault::other_metric, "other_metric",
             "\"recall\" goes with 50 names a query, \"recall_subset\" with 3: "
             "were the two files exchanged?"},
    FaultRow{Fault::stray_key, "stray_key",
             "Take the key out: a CIRCO file holds queries only, a CIRR file "
             "\"version\", \"metric\" and queries."},
    FaultRow{Fault::not_a_query, "not_a_query",
             "Keys are the queries' numbers as plain digits: \"pairid\" of "
             "CIRR's captions, \"id\" of CIRCO's annotations."},
    FaultRow{Fault::other_split, "other_split",
             "The server scores the test split alone: evaluate on it (CIRR "
             "test1, CIRCO test). A file of val is checked with --split val."},
    FaultRow{Fault::missing_query, "missing_query",
             "Every query of the split needs its list: was a picture "
             "unreadable, or the last batch dropped?"},
    FaultRow{Fault::unknown_query, "unknown_query",
             "Take it out or mend the key; CIRR's keys are \"pairid\", CIRCO's "
             "\"id\", not places in a list that starts at 1."},
    FaultRow{Fault::too_few_queries, "too_few_queries",
             "Every query of the split needs its list: was a picture "
             "unreadable, or the last batch dropped? --root DIR tells which."},
    FaultRow{Fault::too_many_queries, "too_many_queries",
             "Keep the queries of the split and no others; --root DIR tells "
             "which."},
    FaultRow{Fault::not_a_list, "not_a_list",
             "The value of a query is a list, best first: [NAME, NAME, ...]."},
    FaultRow{Fault::no_names, "no_names",
             "Rank the gallery for this query too."},
    FaultRow{Fault::too_few_names, "too_few_names",
             "Take the first names after the query's own picture is removed, "
             "not before: rank one more than is asked for, then remove."},
    FaultRow{Fault::too_many_names, "too_many_names",
             "Cut the list after the best ones."},
    FaultRow{Fault::repeated_name, "repeated_name",
             "Name every picture once: is a picture in the gallery twice?"},
    FaultRow{Fault::nested_names, "nested_names",
             "A list holds names only, no scores and no lists within."},
    FaultRow{Fault::number_for_name, "number_for_name",
             "CIRR wants names such as \"test1-147-1-img1\", not row numbers: "
             "look them up in image_splits/split.rc2.test1.json."},
    FaultRow{Fault::text_for_number, "text_for_number",
             "CIRCO wants COCO's image ids as numbers: 9761, not \"9761\" and "
             "not \"000000009761.jpg\"."},
    FaultRow{Fault::not_whole, "not_whole",
             "Image ids are whole numbers, not negative (Python: int(x))."},
    FaultRow{Fault::blank_name, "blank_name",
             "Names have no blanks; look for names that were never filled in."},
    FaultRow{Fault::path_for_name, "path_for_name",
             "Names have no folder and no ending: \"test1-147-1-img1\", not "
             "\"./test1/test1-147-1-img1.png\"."},
    FaultRow{Fault::strange_name, "strange_name",
             "Names are those of image_splits/split.rc2.test1.json, such as "
             "\"test1-147-1-img1\"."},
    FaultRow{Fault::strange_number, "strange_number",
             "Numbers are COCO's image ids, of at most six digits, not rows of "
             "the gallery and not hashes."},
    FaultRow{Fault::same_everywhere, "same_everywhere",
             "The query does not reach the ranking: check that every query has "
             "its own vector."},
    FaultRow{Fault::unknown_picture, "unknown_picture",
             "Rank the pictures of this split's gallery and no others."},
    FaultRow{Fault::own_picture, "own_picture",
             "Remove the query's own picture from its ranking before the list "
             "is cut; it is never the answer and takes a place."},
    FaultRow{Fault::outside_subset, "outside_subset",
             "recall_subset ranks the query's \"img_set\" members alone, "
             "without its own picture."},
};

/// One fault of a file, however often it occurs.
struct Finding {
  const FaultRow* row = nullptr;
  std::string first;       ///< a sentence about the first occurrence
  std::size_t places = 1;  ///< occurrences
};

/// Collects what is wrong, each fault once.
class Findings {
 public:
  void add(Fault fault, std::string sentence);

  bool has(Fault fault) const;
  bool empty() const { return list_.empty(); }

  /// In the order in which they were first met.
  const std::vector<Finding>& list() const { return list_; }

 private:
  std::vector<Finding> list_;
};

}  // namespace igrot::app

// Questions and what was found, as one HTML page that needs nothing else.
#pragma once

#include <string>
#include <vector>

namespace igrot::app {

/// A picture on the page. source: a data: URI, or empty where it could not be
/// read.
struct ReportPicture {
  std::string source;
  std::string caption;
  std::string link;  ///< file:// address of the original, or empty
};

struct ReportHit {
  std::size_t rank;
  float score;
  ReportPicture picture;
  std::string remark = {};  ///< a few words below the picture, or empty
};

/// One part of a question: "picture", "sketch", "not" and a picture, or "words"
/// and "not" with a text.
struct ReportPart {
  std::string role;
  std::string text;
  std::vector<ReportPicture> pictures;
};

struct ReportQuestion {
  std::string title;
  std::vector<ReportPart> parts;
  std::string fusion;
  std::vector<ReportHit> hits;
  double ms = 0;
};

struct Report {
  std::string title;
  std::string note;  ///< a sentence of warning, or empty
  std::vector<ReportQuestion> questions;
  std::vector<std::pair<std::string, std::string>> facts;  ///< model, date, ...
};

/// The page.
std::string html(const Report& report);

/// The file:// address of an absolute path.
std::string file_address(std::string_view absolute_path);

}  // namespace igrot::app

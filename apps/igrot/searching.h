// Asking a gallery.
#pragma once

#include "found.h"
#include "gallery_model.h"
#include "igrot/gallery.h"
#include "session.h"

namespace igrot::app {

/// Asks with the settings --fusion, --weight, --negative-weight, -k and
/// --min-score. The question's pictures are cut as the gallery's were.
/// Throws Error: as make_query, Retriever::query and Gallery::search do.
Found ask_gallery(const Session& session, const Gallery& gallery,
                  const ActiveModel& model, Question question);

/// A page about some questions to one gallery; written under a temporary name
/// and renamed. Throws Error: io.
struct ReportRequest {
  std::filesystem::path out;
  std::string title;
  std::string note;
  std::vector<ReportQuestion> questions;
};
void write_report(const ReportRequest& request, const Gallery& gallery,
                  const ActiveModel& model);

/// The folder a gallery's pictures are shown relative to.
std::filesystem::path pictures_folder(const Gallery& gallery);

}  // namespace igrot::app

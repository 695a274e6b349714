#include "train/sample_sheet.h"

#include <algorithm>
#include <array>

#include "base/ahead.h"
#include "base/fail.h"
#include "base/file.h"
#include "base/html.h"
#include "image/picture_uri.h"
#include "train/dry_run.h"
#include "train/sample_sheet_style.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t epochs_shown = 2;

std::string well(const Image& square, std::string_view title) {
  return fmt::format(
      "<div class=\"well\"><img src=\"{}\" alt=\"{}\" title=\"{}\"></div>",
      picture_uri(square), title, title);
}

/// Why a file cannot be shown; the caption names it already.
std::string reason(const Error& error, const fs::path& file) {
  const auto place = file.string() + ": ";
  std::string_view text = error.what();
  while (text.starts_with(place)) text.remove_prefix(place.size());
  return std::string(text);
}

/// What the two pictures of a sample are called, by mode.
struct Roles {
  std::string_view picture;
  std::string_view second;
};

Roles roles(TrainMode mode) {
  if (mode == TrainMode::clip) return {"image", "other"};
  return {"reference", "target"};
}

/// Writes single samples; for many threads.
class Cards {
 public:
  Cards(const TrainConfig& config, const Samples& samples, std::size_t side)
      : samples_(samples),
        reading_(picture_reading(config, samples, side)),
        roles_(roles(config.train.mode)) {}

  std::string card(std::size_t index) const {
    const auto& sample = samples_.list[index];
    auto card = fmt::format("<li><p class=\"number\">sample {}</p>", index + 1);
    card += is_blank(sample.text) ? "<p class=\"words none\">no words</p>"
                                  : fmt::format("<p class=\"words\">{}</p>",
                                                html_escaped(sample.text));
    card += "<div class=\"pair\">";
    card += figure(roles_.picture, sample.picture, index, 0);
    if (sample.second) card += figure(roles_.second, *sample.second, index, 1);
    return card + "</div></li>\n";
  }

 private:
  std::string figure(std::string_view role, const fs::path& file,
                     std::size_t index, std::size_t slot) const {
    return fmt::format(
        "<figure>{}<figcaption title=\"{}\"><b>{}</b> {}</figcaption>"
        "</figure>",
        shown(role, file, index, slot), html_escaped(file.string()), role,
        html_escaped(file.filename().string()));
  }

  std::string shown(std::string_view role, const fs::path& file,
                    std::size_t index, std::size_t slot) const {
    const auto inside = [&] {
      try {
        return wells(role, file, index, slot);
      } catch (const Error& error) {
        return fmt::format(
            "<div class=\"well\"><span class=\"gone\">{}</span></div>",
            html_escaped(reason(error, file)));
      }
    }();
    if (!reading_.augment.any()) return inside;
    return "<div class=\"views\">" + inside + "</div>";
  }

  std::string wells(std::string_view role, const fs::path& file,
                    std::size_t index, std::size_t slot) const {
    auto wells = well(reading_.square(file), role);
    if (!reading_.augment.any()) return wells;
    for (std::size_t epoch = 0; epoch < epochs_shown; ++epoch)
      wells += well(reading_.view(file, epoch, index, slot),
                    fmt::format("{}, epoch {}", role, epoch + 1));
    return wells;
  }

  const Samples& samples_;
  const PictureReading reading_;
  const Roles roles_;
};

std::string note(std::size_t shown, std::size_t all, std::size_t side,
                 bool viewed) {
  auto note = fmt::format(
      "{} of {} samples, evenly spread, as the model sees them: squares of "
      "{} pixels.",
      shown, all, side);
  if (viewed)
    note += " The small pictures are the random views of the first two epochs.";
  return note;
}

}  // namespace

void write_sample_sheet(const fs::path& page, const TrainConfig& config,
                        const Samples& samples, const SheetOptions& options) {
  const auto all = samples.list.size();
  const auto count = std::min(options.count, all);
  const bool viewed = config.augment.any();
  const auto title = "Training samples: " + samples.name;

  AtomicFile file(page);
  file.write(page_start(title, sample_sheet_style));
  file.write(fmt::format("<h1>{}</h1>\n<p class=\"note\">{}</p>\n<ol{}>\n",
                         html_escaped(title),
                         note(count, all, options.side, viewed),
                         viewed ? " class=\"viewed\"" : ""));
  const Cards cards(config, samples, options.side);
  const auto threads = options.runtime.thread_count();
  Ahead<std::string> ahead(count, threads, 2 * threads, [&](std::size_t i) {
    return cards.card(i * all / count);
  });
  while (const auto card = ahead.next()) file.write(*card);
  file.write("</ol>\n");
  file.write(page_end());
  file.commit();
}

}  // namespace igrot

// `igrot gallery export`: vectors as npy, what is known of them as JSON lines.
#include "base/fail.h"
#include "base/file.h"
#include "formats/npy.h"
#include "gallery_place.h"
#include "igrot/gallery.h"
#include "output.h"
#include "outputs.h"
#include "verbs.h"

namespace igrot::app {
namespace {

struct Stopped {};

Json item_json(const Item& item, std::size_t row) {
  return {{"row", row},
          {"id", item.id},
          {"path", item.file.path.string()},
          {"size_bytes", item.file.size_bytes},
          {"modified_ns", item.file.modified_ns},
          {"content_hash", item.content_hash},
          {"precision", item.precision},
          {"decoding", item.decoding}};
}

void export_to(const std::filesystem::path& folder, const Gallery& gallery,
               const Session& session) {
  make_folder(folder);
  NpyWriter vectors(folder / "vectors.npy", DType::f32,
                    {gallery.model().width});
  AtomicFile items(folder / "items.jsonl");
  const auto snapshot = gallery.snapshot();
  auto bar = session.bar("exporting");
  const auto total = snapshot.counts().indexed;
  snapshot.each(
      ItemKind::indexed, [&](const Item& item, std::span<const float> vector) {
        if (session.stopped()) throw Stopped();
        items.write(json_text(item_json(item, vectors.rows())) + "\n");
        vectors.append(vector);
        bar.show(vectors.rows(), total);
      });
  vectors.commit();
  items.commit();
}

int run(const std::string& folder, Session& session) {
  const auto gallery =
      Gallery::open(find_gallery(session), Access::read, session.runtime());
  try {
    export_to(folder, gallery, session);
  } catch (const Stopped&) {
    return session.exit_code();
  }
  const auto count = gallery.counts().indexed;
  if (session.json)
    print_json({{"gallery", gallery.folder().string()},
                {"out", folder},
                {"rows", count},
                {"width", gallery.model().width}},
               1);
  else
    print(fmt::format("{} rows of {} numbers in {}\n", count,
                      gallery.model().width, printable(folder)));
  return session.exit_code();
}

Run declare(CLI::App& command, Session& session) {
  auto folder = std::make_shared<std::string>();
  command
      .add_option("--out", *folder,
                  "folder for vectors.npy and items.jsonl, row by row")
      ->required()
      ->type_name("DIR");
  session.settings.offer(command, {"gallery"});
  offer_json(command, session);
  return [folder, &session] { return run(*folder, session); };
}

}  // namespace

constinit const Verb gallery_export_verb{
    "gallery export", everybody_section,
    "writes the vectors as npy and their files as JSON lines",
    R"(  igrot gallery export --out vectors/
  igrot gallery export --gallery ~/Pictures/.igrot --out vectors/)",
    declare};

}  // namespace igrot::app

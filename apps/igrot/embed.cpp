// `igrot embed`: vectors of pictures, texts and pairs, as rows of an npy file.
#include <algorithm>
#include <array>

#include "base/fail.h"
#include "choices.h"
#include "embed_inputs.h"
#include "model_choice.h"
#include "output.h"
#include "picture_options.h"
#include "verbs.h"

namespace igrot::app {
namespace {

struct Options {
  std::string what;
  InputFiles files;
  std::string out;
  std::string normalize;  // empty: the row's own default
  std::string mask = "auto";
  std::string sum_convention = "eval";
  std::string precision = "f32";
  std::size_t side = 0;  // 0: that of the pixels given, else the model's
  PictureOptions pictures;
};

/// What is asked of a model for one batch.
struct Batch {
  Tensor pixels;
  std::vector<std::string> texts;
  Mask mask = Mask::automatic;
  SumConvention convention = SumConvention::eval;
  bool normalize = false;
};

// a*g_t + b*f + c*g_i of method.md 4, before it is brought to length 1.
Tensor raw_query(const Retriever& model, const Batch& batch) {
  const auto pairs = model.fuse(batch.pixels, batch.texts, batch.mask);
  const auto pictures = model.image(batch.pixels);
  const auto texts = model.text(batch.texts);
  Tensor query(pairs.fused.shape());
  const auto width = model.width();
  for (std::size_t i = 0; i < query.size(); ++i) {
    const float* w = pairs.weights.data() + i / width * 3;
    query.data()[i] = w[0] * texts.data()[i] + w[1] * pairs.fused.data()[i] +
                      w[2] * pictures.data()[i];
  }
  return query;
}

Tensor queries(const Retriever& model, const Batch& batch) {
  if (!batch.normalize) return raw_query(model, batch);
  return model.fuse(batch.pixels, batch.texts, batch.mask).query;
}

template <Target target>
Tensor targets_of(const Retriever& model, const Batch& batch) {
  return model.targets(batch.pixels, target, batch.convention);
}

/// One row a value of --what.
struct What {
  std::string_view name;
  Needs needs;
  bool normalize;  ///< by default
  Tensor (*compute)(const Retriever&, const Batch&);
};

constexpr Needs pictures{.pictures = true, .texts = false};
constexpr Needs texts{.pictures = false, .texts = true};
constexpr Needs pairs{.pictures = true, .texts = true};

constexpr std::array whats{
    What{"image", pictures, false,
         [](const Retriever& m, const Batch& b) { return m.image(b.pixels); }},
    What{"image-local", pictures, false,
         [](const Retriever& m, const Batch& b) {
           return m.image_local(b.pixels);
         }},
    What{"text", texts, false,
         [](const Retriever& m, const Batch& b) { return m.text(b.texts); }},
    What{"text-local", texts, false,
         [](const Retriever& m, const Batch& b) {
           return m.text_local(b.texts);
         }},
    What{"query", pairs, true, queries},
    What{"union", pairs, true,
         [](const Retriever& m, const Batch& b) {
           return m.union_vectors(b.pixels, b.texts);
         }},
    What{"target-original", pictures, true, targets_of<Target::original>},
    What{"target-sum", pictures, true, targets_of<Target::sum>},
    What{"target-union", pictures, true, targets_of<Target::union_>},
    What{"fused", pairs, false,
         [](const Retriever& m, const Batch& b) {
           return m.fuse(b.pixels, b.texts, b.mask).fused;
         }},
    What{"weights", pairs, false,
         [](const Retriever& m, const Batch& b) {
           return m.fuse(b.pixels, b.texts, b.mask).weights;
         }},
};

std::string what_names() {
  std::string names;
  for (const auto& row : whats)
    names += (names.empty() ? "" : ", ") + std::string(row.name);
  return names;
}

const What& find_what(const std::string& name) {
  const auto row = std::ranges::find(whats, name, &What::name);
  if (row == whats.end())
    fail(ErrorKind::usage, "--what is '{}', expected one of {}", name,
         what_names());
  return *row;
}

bool wants_unit_rows(const What& what, const std::string& normalize) {
  if (normalize.empty()) return what.normalize;
  if (normalize != "yes" && normalize != "no")
    fail(ErrorKind::usage, "--normalize is '{}', expected yes or no",
         normalize);
  if (normalize == "no" && what.name == "union")
    fail(ErrorKind::unsupported,
         "union vectors are normalised by their definition");
  return normalize == "yes";
}

Shape row_shape(const Tensor& rows) {
  return {rows.shape().begin() + 1, rows.shape().end()};
}

/// Where the rows go; the shape of a row is known with the first batch.
class Rows {
 public:
  explicit Rows(std::filesystem::path path) : path_(std::move(path)) {}

  void append(const Tensor& rows) {
    if (!writer_)
      writer_ = std::make_unique<NpyWriter>(path_, DType::f32, row_shape(rows));
    writer_->append(rows.values());
  }
  void commit(const Shape& row) {
    if (!writer_) writer_ = std::make_unique<NpyWriter>(path_, DType::f32, row);
    writer_->commit();
  }

 private:
  std::filesystem::path path_;
  std::unique_ptr<NpyWriter> writer_;
};

/// The model, for pictures of another side where it takes them: BLIP
/// interpolates its positions.
Retriever load_model(const Options& options, const Inputs& inputs,
                     const Session& session) {
  auto load = load_options(session, precision_named(options.precision));
  const auto path = chosen_model(session);
  if (options.side > 0) load.side = options.side;
  auto model = Retriever::load(path, load);
  if (load.side || !inputs.pixels || inputs.pixels->shape().size() != 4)
    return model;
  const auto side = inputs.pixels->shape()[3];
  if (side == model.side() || !model.takes_side(side)) return model;
  load.side = side;
  return Retriever::load(path, load);
}

int run(const Options& options, Session& session) {
  const auto& what = find_what(options.what);
  Batch batch;
  batch.mask = choose(masks, options.mask, "--mask");
  batch.convention =
      choose(sum_conventions, options.sum_convention, "--sum-convention");
  batch.normalize = wants_unit_rows(what, options.normalize);
  const auto open = open_options(options.pictures);
  const auto inputs = read_inputs(options.files, what.needs);
  const auto model = load_model(options, inputs, session);
  const auto step = std::max<std::size_t>(session.settings.count("batch"), 1);
  std::optional<PixelBatches> pixels;
  if (what.needs.pictures)
    pixels.emplace(inputs, open,
                   preprocess_of(options.pictures, model.preprocess()),
                   session.runtime().thread_count(), step);
  Rows rows(options.out);
  auto bar = session.bar("embedding");
  for (std::size_t done = 0; done < inputs.count; done += step) {
    if (session.stopped()) return session.exit_code();
    const auto count = std::min(step, inputs.count - done);
    if (pixels) batch.pixels = pixels->next(count);
    if (what.needs.texts)
      batch.texts.assign(inputs.texts.begin() + std::ptrdiff_t(done),
                         inputs.texts.begin() + std::ptrdiff_t(done + count));
    auto result = what.compute(model, batch);
    if (batch.normalize) normalize_rows(result);
    rows.append(result);
    bar.show(done + count, inputs.count);
  }
  rows.commit({model.width()});
  return session.exit_code();
}

void declare_inputs(CLI::App& command, InputFiles& files) {
  const auto add = [&](const char* name, std::string& value, const char* type,
                       const char* help) {
    command.add_option(name, value, help)->type_name(type);
  };
  add("--images", files.images, "LIST", "a picture's path a line");
  add("--texts", files.texts, "LIST",
      "a text a line, or a JSON string a line in a .jsonl file");
  add("--pairs", files.pairs, "P.jsonl",
      "a line {\"image\": path, \"text\": words} each");
  add("--pixels", files.pixels, "X.npy",
      "normalised pixels [n, 3, side, side] instead of pictures");
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  command.add_option("--what", options->what, what_names())
      ->required()
      ->type_name("W");
  declare_inputs(command, options->files);
  command.add_option("--out", options->out, "the npy file to write")
      ->required()
      ->type_name("Y.npy");
  command
      .add_option("--normalize", options->normalize,
                  "rows of length 1 [yes for query, union and target-*]")
      ->type_name("yes|no");
  command
      .add_option("--mask", options->mask,
                  "what the fusion does with padding [auto: bool]")
      ->type_name("auto|added|bool");
  command
      .add_option("--sum-convention", options->sum_convention,
                  "how target-sum adds [eval]")
      ->type_name("eval|train");
  command.add_option("--precision", options->precision, "[f32]")
      ->type_name("auto|f32|bf16");
  command
      .add_option("--side", options->side,
                  "pixels of a picture, one way; a BLIP model takes any "
                  "multiple of its patches [the model's, or that of --pixels]")
      ->type_name("N");
  offer_pictures(command, options->pictures);
  session.settings.offer(
      command, {"model", "activation", "engine", "threads", "batch", "data"});
  return [options, &session] { return run(*options, session); };
}

}  // namespace

constinit const Verb embed_verb{
    "embed", plumbing_section,
    "writes vectors of pictures, texts or pairs as an npy file",
    R"(  igrot embed --model m.pth --what image --images list.txt --out y.npy
  igrot embed --model m.pth --what query --pairs p.jsonl --out q.npy
  igrot embed --model m.pth --what target-sum --normalize no \
              --pixels x.npy --out t.npy)",
    declare};

}  // namespace igrot::app

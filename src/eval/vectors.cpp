#include "eval/vectors.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

#include "models/fusions.h"

namespace igrot {
namespace {

constexpr std::size_t texts_at_once = 64;

const std::filesystem::path& file_of(const std::filesystem::path& file) {
  return file;
}
const std::filesystem::path& file_of(
    const std::pair<std::filesystem::path, std::string>& asked) {
  return asked.first;
}

std::string_view words_of(const std::filesystem::path&) {
  return {};
}
std::string_view words_of(
    const std::pair<std::filesystem::path, std::string>& asked) {
  return asked.second;
}

/// Everything that decides about pixels.
std::string describe(const Preprocess& p, const PictureRecipe& recipe) {
  return fmt::format(
      "side {}, pad {}, ratio {}, alpha {}, mean {}, std {}, convert {}, RGBA "
      "unless RGB {}, rows normalised {}",
      p.side, static_cast<int>(p.pad), p.ratio, static_cast<int>(p.alpha),
      fmt::join(p.mean, " "), fmt::join(p.std, " "),
      static_cast<int>(recipe.convert), recipe.rgba_unless_rgb,
      recipe.row_normalize);
}

void put_row(Tensor& rows, std::size_t i, std::span<const float> row) {
  std::ranges::copy(row, rows.data() + i * row.size());
}

Tensor single_row(std::span<const float> row) {
  return Tensor({1, row.size()}, row);
}

}  // namespace

bool EvalVectors::asks(Fusion method) const {
  return std::ranges::find(options_.methods, method) != options_.methods.end();
}

bool EvalVectors::needs_targets() const {
  return asks(Fusion::transagg) && options_.target != Target::original;
}

std::unique_ptr<VectorCache> EvalVectors::kept(const std::string& kind) {
  if (!hooks_.cache) return nullptr;
  try {
    if (!contents_)
      contents_ = std::make_unique<ContentHashes>(hooks_.cache->folder,
                                                  hooks_.runtime.warn);
    return std::make_unique<VectorCache>(
        hooks_.cache->folder,
        fmt::format("igrot vectors 1\n{}\nweights {}\nprecision {}, {}\n{}\n",
                    kind, retriever_.fingerprint(),
                    name_of(precisions, retriever_.precision()),
                    hooks_.cache->computed_by,
                    describe(retriever_.preprocess(), recipe_)),
        retriever_.width(), hooks_.runtime.warn);
  } catch (const Error& error) {
    if (hooks_.runtime.warn)
      hooks_.runtime.warn(
          fmt::format("vectors are not kept: {}", error.what()));
    return nullptr;
  }
}

/// Encodes what is wanted and not known to be missing.
template <class Key, class Encode>
bool EvalVectors::fill(VectorTable<Key>& table, const std::set<Key>& wanted,
                       std::string_view doing, const std::string& kind,
                       const Encode& encode) {
  std::vector<Key> keys;
  std::vector<File> files;
  for (const auto& key : wanted) {
    if (missing_.contains(file_of(key))) continue;
    keys.push_back(key);
    files.push_back(file_of(key));
  }
  FileEncoding encoding{
      .width = retriever_.width(),
      .preprocess = retriever_.preprocess(),
      .recipe = recipe_,
      .runtime = hooks_.runtime,
      .progress =
          [&](std::size_t done, std::size_t total) {
            return !hooks_.stage || hooks_.stage(doing, done, total);
          },
      .encode = [&](const PictureBatch& batch) { return encode(batch, keys); }};
  const auto cache = kept(kind);
  if (cache)
    encoding.known = {
        .contents = contents_.get(),
        .vectors = cache.get(),
        .words = [&](std::size_t i) { return words_of(keys[i]); }};
  auto found = encode_files(files, encoding);
  if (!found) return false;
  std::vector<Key> readable;
  for (const auto i : found->from) readable.push_back(keys[i]);
  missing_.insert(files.begin(), files.end());
  for (const auto i : found->from) missing_.erase(files[i]);
  table.put(readable, std::move(found->vectors));
  return true;
}

bool EvalVectors::compute_features(const std::vector<EvalTask>& tasks) {
  const bool of_questions = asks(Fusion::image) || asks(Fusion::sum);
  const bool of_gallery =
      of_questions || asks(Fusion::text) || !needs_targets();
  std::set<File> files;
  for (const auto& task : tasks) {
    if (of_gallery) files.insert(task.gallery.begin(), task.gallery.end());
    if (!of_questions) continue;
    for (const auto& question : task.questions) files.insert(question.picture);
  }
  return fill(features_, files, "encoding pictures", "image tower, raw",
              [&](const PictureBatch& batch, const auto&) {
                return retriever_.image(batch.pixels);
              });
}

bool EvalVectors::compute_targets(const std::vector<EvalTask>& tasks) {
  if (!needs_targets()) return true;
  std::set<File> files;
  for (const auto& task : tasks)
    files.insert(task.gallery.begin(), task.gallery.end());
  return fill(targets_, files, "encoding the gallery",
              fmt::format("target {}, {}", name_of(targets, options_.target),
                          name_of(sum_conventions, options_.convention)),
              [&](const PictureBatch& batch, const auto&) {
                return retriever_.targets(batch.pixels, options_.target,
                                          options_.convention);
              });
}

bool EvalVectors::compute_composed(const std::vector<EvalTask>& tasks) {
  if (!asks(Fusion::transagg)) return true;
  std::set<Asked> asked;
  for (const auto& task : tasks)
    for (const auto& question : task.questions) {
      asked.emplace(question.picture, question.text);
      if (question.other_text)
        asked.emplace(question.picture, *question.other_text);
    }
  return fill(composed_, asked, "composing questions",
              fmt::format("composed, mask {}, U share {}",
                          name_of(masks, options_.mask), options_.union_share),
              [&](const PictureBatch& batch, const std::vector<Asked>& keys) {
                std::vector<std::string> texts;
                for (const auto i : batch.files)
                  texts.push_back(keys[i].second);
                return composed(batch.pixels, texts);
              });
}

Tensor EvalVectors::composed(const Tensor& pixels,
                             const std::vector<std::string>& texts) const {
  auto pairs = retriever_.fuse(pixels, texts, options_.mask);
  auto query = std::move(pairs.query);
  if (options_.union_share == 0 || pairs.united.size() == 0) return query;
  std::ranges::transform(
      query.values(), pairs.united.values(), query.data(),
      [&](float a, float b) { return a + options_.union_share * b; });
  normalize_rows(query);
  return query;
}

bool EvalVectors::compute_words(const std::vector<EvalTask>& tasks) {
  if (!asks(Fusion::text) && !asks(Fusion::sum)) return true;
  std::set<std::string> different;
  for (const auto& task : tasks)
    for (const auto& question : task.questions) {
      different.insert(question.text);
      if (question.other_text) different.insert(*question.other_text);
    }
  const std::vector<std::string> texts(different.begin(), different.end());
  Tensor vectors({texts.size(), retriever_.width()});
  const auto cache = kept("text tower, raw");
  // Batches begin at the same texts whatever is known, as in encode_files.
  for (std::size_t begin = 0; begin < texts.size(); begin += texts_at_once) {
    const auto end = std::min(begin + texts_at_once, texts.size());
    std::vector<std::size_t> unknown;
    for (auto i = begin; i < end; ++i) {
      const auto vector = cache ? cache->find({}, texts[i]) : std::nullopt;
      if (vector)
        put_row(vectors, i, *vector);
      else
        unknown.push_back(i);
    }
    if (!unknown.empty()) encode_texts(texts, unknown, vectors, cache.get());
    if (hooks_.stage && !hooks_.stage("encoding words", end, texts.size()))
      return false;
  }
  words_.put(texts, std::move(vectors));
  return true;
}

/// Fills the rows `which` with the vectors of those texts.
void EvalVectors::encode_texts(const std::vector<std::string>& texts,
                               std::span<const std::size_t> which,
                               Tensor& vectors, VectorCache* cache) const {
  std::vector<std::string> some;
  for (const auto i : which) some.push_back(texts[i]);
  const auto found = retriever_.text(some);
  for (std::size_t k = 0; k < which.size(); ++k) {
    const auto row = found.matrix().row(k);
    put_row(vectors, which[k], row);
    if (cache) cache->put({}, some[k], row);
  }
  if (cache) cache->write();
}

bool EvalVectors::compute(const std::vector<EvalTask>& tasks) {
  if (!tasks.empty()) recipe_ = tasks.front().recipe;
  return compute_features(tasks) && compute_targets(tasks) &&
         compute_composed(tasks) && compute_words(tasks);
}

Tensor EvalVectors::gallery(const EvalTask& task, Fusion method) const {
  const auto target = target_of(method, options_);
  const auto& table = target == Target::original ? features_ : targets_;
  Tensor rows({task.gallery.size(), retriever_.width()});
  for (std::size_t i = 0; i < task.gallery.size(); ++i)
    put_row(rows, i, table.row(task.gallery[i]));
  const bool left_as_is =
      target == Target::sum && options_.convention == SumConvention::train;
  if (!left_as_is) normalize_rows(rows);
  return rows;
}

Tensor EvalVectors::query(const Asked& asked, Fusion method) const {
  if (method == Fusion::transagg) return single_row(composed_.row(asked));
  Tensor image;
  Tensor words;
  if (method != Fusion::text) image = single_row(features_.row(asked.first));
  if (method != Fusion::image) words = single_row(words_.row(asked.second));
  return fuse_features(method, image, words, 0);
}

Tensor EvalVectors::queries(const EvalTask& task, Fusion method) const {
  Tensor rows({task.questions.size(), retriever_.width()});
  for (std::size_t i = 0; i < task.questions.size(); ++i) {
    const auto& question = task.questions[i];
    auto vector = query({question.picture, question.text}, method);
    if (question.other_text) {
      const auto other =
          query({question.picture, *question.other_text}, method);
      std::ranges::transform(vector.values(), other.values(), vector.data(),
                             std::plus());
      normalize_rows(vector);
    }
    put_row(rows, i, vector.values());
  }
  return rows;
}

}  // namespace igrot

#include "eval/vectors.h"

#include <algorithm>

#include "models/batches.h"
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

/// Encodes what is wanted and not known to be missing.
template <class Key, class Encode>
bool EvalVectors::fill(VectorTable<Key>& table, const std::set<Key>& wanted,
                       std::string_view doing, const Encode& encode) {
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
  return fill(features_, files, "encoding pictures",
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
              [&](const PictureBatch& batch, const auto&) {
                return retriever_.targets(batch.pixels, options_.target,
                                          options_.convention);
              });
}

bool EvalVectors::compute_composed(const std::vector<EvalTask>& tasks) {
  if (!asks(Fusion::transagg)) return true;
  std::set<Asked> asked;
  for (const auto& task : tasks)
    for (const auto& question : task.questions)
      asked.emplace(question.picture, question.text);
  return fill(composed_, asked, "composing questions",
              [&](const PictureBatch& batch, const std::vector<Asked>& keys) {
                std::vector<std::string> texts;
                for (const auto i : batch.files)
                  texts.push_back(keys[i].second);
                return composed(batch.pixels, texts);
              });
}

Tensor EvalVectors::composed(const Tensor& pixels,
                             const std::vector<std::string>& texts) const {
  auto query = retriever_.fuse(pixels, texts, options_.mask).query;
  if (options_.union_share == 0 || !retriever_.has_union_head()) return query;
  const auto both = retriever_.union_vectors(pixels, texts);
  std::ranges::transform(
      query.values(), both.values(), query.data(),
      [&](float a, float b) { return a + options_.union_share * b; });
  normalize_rows(query);
  return query;
}

bool EvalVectors::compute_words(const std::vector<EvalTask>& tasks) {
  if (!asks(Fusion::text) && !asks(Fusion::sum)) return true;
  std::set<std::string> different;
  for (const auto& task : tasks)
    for (const auto& question : task.questions) different.insert(question.text);
  const std::vector<std::string> texts(different.begin(), different.end());
  Tensor vectors({texts.size(), retriever_.width()});
  for (std::size_t i = 0; i < texts.size(); i += texts_at_once) {
    const auto end = std::min(i + texts_at_once, texts.size());
    place(vectors,
          retriever_.text({texts.begin() + static_cast<std::ptrdiff_t>(i),
                           texts.begin() + static_cast<std::ptrdiff_t>(end)}),
          i);
    if (hooks_.stage && !hooks_.stage("encoding words", end, texts.size()))
      return false;
  }
  words_.put(texts, std::move(vectors));
  return true;
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

Tensor EvalVectors::queries(const EvalTask& task, Fusion method) const {
  Tensor rows({task.questions.size(), retriever_.width()});
  for (std::size_t i = 0; i < task.questions.size(); ++i) {
    const auto& question = task.questions[i];
    if (method == Fusion::transagg) {
      put_row(rows, i, composed_.row({question.picture, question.text}));
      continue;
    }
    Tensor image;
    Tensor words;
    if (method != Fusion::text)
      image = single_row(features_.row(question.picture));
    if (method != Fusion::image) words = single_row(words_.row(question.text));
    put_row(rows, i, fuse_features(method, image, words, 0).values());
  }
  return rows;
}

}  // namespace igrot

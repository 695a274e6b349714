// Every vector that an evaluation needs, each computed once.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <span>

#include "eval/encode_files.h"
#include "eval/evaluate.h"

namespace igrot {

/// Rows by what they are of.
template <class Key>
class VectorTable {
 public:
  void put(const std::vector<Key>& keys, Tensor vectors) {
    for (std::size_t i = 0; i < keys.size(); ++i) rows_.emplace(keys[i], i);
    vectors_ = std::move(vectors);
  }

  /// The key has to be there.
  std::span<const float> row(const Key& key) const {
    return vectors_.matrix().row(rows_.at(key));
  }

 private:
  std::map<Key, std::size_t> rows_;
  Tensor vectors_;
};

class EvalVectors {
 public:
  EvalVectors(const Retriever& retriever, const EvalOptions& options,
              const EvalHooks& hooks)
      : retriever_(retriever), options_(options), hooks_(hooks) {}

  /// False where hooks.stage asks to stop.
  bool compute(const std::vector<EvalTask>& tasks);

  /// Files that could not be read.
  const std::set<std::filesystem::path>& missing() const { return missing_; }

  /// [G, d] and [Q, d] of a task without missing files.
  Tensor gallery(const EvalTask& task, Fusion method) const;
  Tensor queries(const EvalTask& task, Fusion method) const;

 private:
  using File = std::filesystem::path;
  using Asked = std::pair<File, std::string>;

  bool asks(Fusion method) const;
  bool needs_targets() const;
  bool compute_features(const std::vector<EvalTask>& tasks);
  bool compute_targets(const std::vector<EvalTask>& tasks);
  bool compute_composed(const std::vector<EvalTask>& tasks);
  bool compute_words(const std::vector<EvalTask>& tasks);
  void encode_texts(const std::vector<std::string>& texts,
                    std::span<const std::size_t> which, Tensor& vectors,
                    VectorCache* cache) const;
  Tensor query(const Asked& asked, Fusion method) const;
  Tensor composed(const Tensor& pixels,
                  const std::vector<std::string>& texts) const;

  template <class Key, class Encode>
  bool fill(VectorTable<Key>& table, const std::set<Key>& wanted,
            std::string_view doing, const std::string& kind,
            const Encode& encode);
  /// Vectors of a kind that were kept; null without a cache.
  std::unique_ptr<VectorCache> kept(const std::string& kind);

  const Retriever& retriever_;
  const EvalOptions& options_;
  const EvalHooks& hooks_;
  PictureRecipe recipe_;
  std::unique_ptr<ContentHashes> contents_;  // with the first cache
  std::set<File> missing_;
  VectorTable<File> features_;      // of the image tower, raw
  VectorTable<File> targets_;       // of options_.target, where not original
  VectorTable<Asked> composed_;     // of the trained fusion
  VectorTable<std::string> words_;  // of the text tower, raw
};

}  // namespace igrot

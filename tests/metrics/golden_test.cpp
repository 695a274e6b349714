// Every metric on score matrices that the reference program scored. Rounded as
// it rounds, the numbers are its own.
#include <gtest/gtest.h>

#include "metrics/average_precision.h"
#include "metrics/every_metric.h"
#include "metrics/recall.h"
#include "reference.h"

namespace igrot {
namespace {

using nlohmann::json;
using test::Rows;

constexpr double exact = 1e-9;

double metric(const std::vector<MetricValue>& values, const std::string& name) {
  const auto found = std::ranges::find(values, name, &MetricValue::name);
  if (found == values.end()) throw std::out_of_range(name);
  return found->value;
}

std::vector<Rows> class_ranks(const std::string& name) {
  const auto scores = read_npy_f32(test::eval_golden(name + ".scores.npy"));
  return test::eval_ranks(
      test::eval_rankings(scores.matrix()),
      test::rows_of_class(test::eval_numbers(name + ".query_class.npy"),
                          test::eval_numbers(name + ".gallery_class.npy")));
}

class ClassSets : public testing::TestWithParam<const char*> {
 protected:
  std::vector<Rows> ranks() const { return class_ranks(GetParam()); }
  json expected() const {
    return test::eval_json(std::string(GetParam()) + ".expected.json");
  }
};

INSTANTIATE_TEST_SUITE_P(Golden, ClassSets,
                         testing::Values("class_a", "class_long",
                                         "class_norelevant", "class_perfect",
                                         "class_single"));

TEST_P(ClassSets, HaveTheReferencesRoundedNumbers) {
  const auto values = every_metric(ranks(), {.rounding = Rounding::sbir});
  const auto want = expected();
  for (const auto& [k, value] : want.at("precision_at").items())
    EXPECT_NEAR(metric(values, "P@" + k), value.get<double>(), exact) << k;
  for (const auto& [k, value] : want.at("recall_at").items())
    EXPECT_NEAR(metric(values, "R@" + k), value.get<double>(), exact) << k;
  EXPECT_NEAR(metric(values, "mAP trapezoidal"),
              want.at("map_all").get<double>(), exact);
  EXPECT_NEAR(metric(values, "mAP@200 trapezoidal inside"),
              want.at("map_at200").get<double>(), exact);
  EXPECT_NEAR(metric(values, "mAP@10 trapezoidal inside"),
              want.at("map_at10").get<double>(), exact);
}

TEST_P(ClassSets, HaveTheReferencesAveragePrecisions) {
  const auto lists = ranks();
  const auto want = expected();
  ASSERT_EQ(lists.size(), want.at("ap_all").size());
  const auto trapezoidal = [&](const Rows& list, std::size_t k) {
    return average_precision(cut_ranks(list, k, CutDenominator::inside),
                             AveragePrecision::trapezoidal);
  };
  for (std::size_t q = 0; q < lists.size(); ++q) {
    EXPECT_NEAR(average_precision(lists[q], AveragePrecision::trapezoidal),
                want.at("ap_all")[q].get<double>(), exact);
    EXPECT_NEAR(trapezoidal(lists[q], 200),
                want.at("ap_at200")[q].get<double>(), exact);
    EXPECT_NEAR(trapezoidal(lists[q], 10), want.at("ap_at10")[q].get<double>(),
                exact);
  }
}

TEST_P(ClassSets, AreRoundedToTheReferencesDecimals) {
  // Unrounded numbers lie within half of the last decimal.
  const auto plain = every_metric(ranks());
  const auto rounded = every_metric(ranks(), {.rounding = Rounding::sbir});
  ASSERT_EQ(plain.size(), rounded.size());
  for (std::size_t i = 0; i < plain.size(); ++i)
    EXPECT_NEAR(plain[i].value, rounded[i].value, 0.0051) << plain[i].name();
}

// What ZSE-SBIR's program (utils/ap.py, under numpy 2) makes of the same
// scores: its voc_eval and precision_eval, means over queries with answers.
struct ZseSbir {
  const char* name;
  double map_all;
  double map_at200;
  double map_at50;
  double map_at10;
  double precision_at100;
  double precision_at10;
};

class ZseSbirSets : public testing::TestWithParam<ZseSbir> {};

INSTANTIATE_TEST_SUITE_P(
    Golden, ZseSbirSets,
    testing::Values(ZseSbir{"class_a", 13.407805370272227, 9.467403780997543,
                            2.9695224712681414, 3.073611111111111,
                            10.183867049609344, 12.500000000000005},
                    ZseSbir{"class_long", 3.201160751702222, 0.8146530608694943,
                            0.3024239264971822, 0.5, 2.3519568151147094, 2.0},
                    ZseSbir{"class_norelevant", 26.726246485807614,
                            26.726246485807614, 26.726246485807614,
                            7.075270849080373, 15.96825396825397,
                            15.96825396825397},
                    ZseSbir{"class_perfect", 98.8314176245211, 98.8314176245211,
                            98.8314176245211, 97.83333333333334,
                            97.1264367816092, 98.33333333333334}));

TEST_P(ZseSbirSets, HaveItsNumbersByVocAndCappedPrecision) {
  const auto& want = GetParam();
  auto ranks = class_ranks(want.name);
  std::erase_if(ranks, [](const Rows& list) { return list.empty(); });
  const auto values = every_metric(ranks);
  EXPECT_NEAR(metric(values, "mAP voc"), want.map_all, exact);
  EXPECT_NEAR(metric(values, "mAP@200 voc"), want.map_at200, exact);
  EXPECT_NEAR(metric(values, "mAP@50 voc"), want.map_at50, exact);
  EXPECT_NEAR(metric(values, "mAP@10 voc"), want.map_at10, exact);
  EXPECT_NEAR(metric(values, "P@100 capped"), want.precision_at100, exact);
  EXPECT_NEAR(metric(values, "P@10 capped"), want.precision_at10, exact);
}

TEST(AveragePrecisionTable, IsTheReferences) {
  for (const auto& row : test::eval_json("ap_table.json")) {
    auto ranks = row.at("positions").get<Rows>();
    ranks.resize(row.at("n").get<std::size_t>(), unranked);
    EXPECT_NEAR(average_precision(ranks, AveragePrecision::trapezoidal),
                row.at("ap").get<double>(), exact)
        << row;
  }
}

TEST(Dtin, HasTheReferencesNumbersOfEachDomain) {
  const auto unit = [](Tensor rows) {
    for (std::size_t i = 0; i < rows.matrix().rows; ++i) {
      const auto row =
          rows.values().subspan(i * rows.shape()[1], rows.shape()[1]);
      double sum = 0;
      for (const float x : row) sum += double{x} * double{x};
      for (float& x : row) x = static_cast<float>(x / std::sqrt(sum));
    }
    return rows;
  };
  const auto queries =
      unit(read_npy_f32(test::eval_golden("dtin.query_features.npy")));
  const auto gallery =
      unit(read_npy_f32(test::eval_golden("dtin.gallery_features.npy")));
  const auto labels = test::eval_numbers("dtin.gallery_label.npy");
  const auto want = test::eval_json("dtin.expected.json");
  long domain = 0;
  for (const auto* name : {"cartoon", "origami", "toy", "sculpture"}) {
    auto classes = test::eval_numbers("dtin.query_class.npy");
    for (auto& label : classes) label += 1000 * domain;
    ++domain;
    const auto ranks =
        relevant_ranks(queries.matrix(), gallery.matrix(),
                       test::rows_of_class(classes, labels), {}, 1);
    const auto values = every_metric(ranks, {.rounding = Rounding::sbir});
    const auto& numbers = want.at(name);
    EXPECT_NEAR(metric(values, "R@10"), numbers.at("recall_at10"), exact);
    EXPECT_NEAR(metric(values, "R@50"), numbers.at("recall_at50"), exact);
    EXPECT_NEAR(metric(values, "mAP trapezoidal"), numbers.at("mAP"), exact);
  }
}

TEST(SingleTargets, HaveTheReferencesRecalls) {
  const auto scores = read_npy_f32(test::eval_golden("recall.scores.npy"));
  std::vector<Rows> right;
  for (const auto target : test::eval_numbers("recall.target_index.npy"))
    right.push_back({static_cast<std::size_t>(target)});
  const auto values = every_metric(
      test::eval_ranks(test::eval_rankings(scores.matrix()), right),
      {.rounding = Rounding::cir});
  const auto want = test::eval_json("recall.expected.json").at("expected");
  for (const auto& [name, value] : want.items())
    EXPECT_NEAR(metric(values, name), value.get<double>(), exact) << name;
}

class Cirr : public testing::Test {
 protected:
  std::vector<Rows> rows_of(const char* field) const {
    std::vector<Rows> rows;
    for (const auto& entry : set_.at(field))
      rows.push_back(test::places_in(set_.at("gallery_names"),
                                     entry.is_array() ? entry : json{entry}));
    return rows;
  }
  void expect_recalls(const std::vector<Rows>& rankings,
                      const std::string& name,
                      const std::vector<std::size_t>& cuts) const {
    const auto ranks =
        first_ranks(test::eval_ranks(rankings, rows_of("target")));
    for (const auto k : cuts) {
      const auto label = name + "@" + std::to_string(k);
      EXPECT_NEAR(recall_at(ranks, k, Rounding::cir),
                  set_.at("expected").at(label).get<double>(), exact)
          << label;
    }
  }

  const json set_ = test::eval_json("cirr.json");
  const Tensor scores_ = read_npy_f32(test::eval_golden("cirr.scores.npy"));
  const std::vector<Rows> rankings_ =
      test::eval_rankings(scores_.matrix(), rows_of("reference"));
};

TEST_F(Cirr, HasTheReferencesRecalls) {
  expect_recalls(rankings_, "recall", {1, 5, 10, 50});
}

TEST_F(Cirr, HasTheReferencesRecallsAmongTheMembers) {
  auto subset = rankings_;
  const auto members = rows_of("members");
  for (std::size_t q = 0; q < subset.size(); ++q)
    subset[q] = only_rows(subset[q], members[q]);
  expect_recalls(subset, "recall_subset", {1, 2, 3});
}

TEST_F(Cirr, RankingsStartAsTheReferencesSubmission) {
  const auto& names = set_.at("gallery_names");
  for (std::size_t q = 0; q < rankings_.size(); ++q) {
    const auto id = std::to_string(set_.at("pair_ids")[q].get<int>());
    std::vector<std::string> first;
    for (std::size_t i = 0; i < 50; ++i)
      first.push_back(names[rankings_[q][i]]);
    EXPECT_EQ(first, set_.at("submission_recall").at(id)) << id;
  }
}

class Circo : public testing::Test {
 protected:
  Circo() {
    const auto& ids = set_.at("gallery_ids");
    std::vector<Rows> references;
    for (std::size_t q = 0; q < scores_.matrix().rows; ++q) {
      references.push_back(
          {test::place_in(ids, set_.at("reference_img_id")[q])});
      targets_.push_back({test::place_in(ids, set_.at("target_img_id")[q])});
      right_.push_back(test::places_in(ids, set_.at("gt_img_ids")[q]));
    }
    rankings_ = test::eval_rankings(scores_.matrix(), references);
  }

  const json set_ = test::eval_json("circo.json");
  const Tensor scores_ = read_npy_f32(test::eval_golden("circo.scores.npy"));
  std::vector<Rows> targets_;
  std::vector<Rows> right_;
  std::vector<Rows> rankings_;
};

TEST_F(Circo, HasThePublishedMeanAveragePrecisions) {
  const auto ranks = test::eval_ranks(rankings_, right_);
  const auto values = every_metric(ranks);
  for (const std::string k : {"5", "10", "25", "50"}) {
    const auto& want = set_.at("expected");
    EXPECT_NEAR(metric(values, "mAP@" + k), want.at("mAP@" + k).get<double>(),
                exact);
    const auto& each = want.at("AP@" + k + "_per_query");
    for (std::size_t q = 0; q < ranks.size(); ++q)
      EXPECT_NEAR(average_precision(
                      cut_ranks(ranks[q], std::stoul(k), CutDenominator::min_k),
                      AveragePrecision::plain),
                  each[q].get<double>(), exact);
  }
}

TEST_F(Circo, HasThePublishedRecallsOfTheTarget) {
  const auto values = every_metric(test::eval_ranks(rankings_, targets_));
  for (const std::string name : {"R@5", "R@10", "R@25", "R@50"})
    EXPECT_NEAR(metric(values, name),
                set_.at("expected").at(name).get<double>(), exact);
}

TEST_F(Circo, RankingsStartAsTheReferencesSubmission) {
  for (std::size_t q = 0; q < rankings_.size(); ++q) {
    std::vector<int> first;
    for (std::size_t i = 0; i < 50; ++i)
      first.push_back(set_.at("gallery_ids")[rankings_[q][i]]);
    EXPECT_EQ(first, set_.at("submission").at(std::to_string(q))) << q;
  }
}

}  // namespace
}  // namespace igrot

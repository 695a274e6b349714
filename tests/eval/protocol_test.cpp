// What can be asked otherwise than the reference program does.
#include "eval/protocol.h"

#include <gmock/gmock.h>

#include <set>

#include "eval/asked_benchmark.h"
#include "eval/field_tasks.h"
#include "eval/groups.h"
#include "igrot/error.h"
#include "tests/models/golden.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

Benchmark asked(const std::string& name, const ProtocolChoice& choice) {
  return ask_benchmark(name, choice).row;
}

EvalQuestion question(const Benchmark& benchmark,
                      std::vector<std::string> words) {
  RetrievalSet set{.part = {}, .split = "val"};
  set.gallery = {"a", "b"};
  set.queries.push_back({.id = {},
                         .picture = "b",
                         .words = std::move(words),
                         .relevant = {0},
                         .own = 1});
  return field_task(benchmark, set).questions.at(0);
}

std::string refused(const std::string& name, const ProtocolChoice& choice) {
  try {
    ask_benchmark(name, choice);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::usage) return error.what();
  }
  return "";
}

TEST(Protocol, JoinsCaptionsInEveryWayThatCirculates) {
  const auto text = [](const char* join) {
    const auto benchmark =
        asked("fashioniq", {.names = {{"caption-join", join}}});
    return question(benchmark, {"is Red.", " has a bow? "}).text;
  };
  EXPECT_EQ(text("and"), "is Red. and  has a bow? ");
  EXPECT_EQ(text("stripped"), "is Red and has a bow");
  EXPECT_EQ(text("reversed"), " has a bow?  and is Red.");
  EXPECT_EQ(text("comma"), "is Red.,  has a bow? ");
  EXPECT_EQ(text(""), text("and"));
  const auto both = question(
      asked("fashioniq", {.names = {{"caption-join", "both"}}}), {"a.", "b"});
  EXPECT_EQ(both.text, "a and b");
  EXPECT_EQ(both.other_text, "b and a");
}

TEST(Protocol, HasPromptsToChooseFrom) {
  const auto text = [](const char* name, const char* prompt) {
    return question(asked(name, {.names = {{"prompt", prompt}}}),
                    {"A Dog", "is Black"})
        .text;
  };
  EXPECT_EQ(text("circo", "but"), "a dog but is black");
  EXPECT_EQ(text("circo", "that"), "a photo of a dog that is black");
  EXPECT_EQ(text("circo", "caption"), "is black");
  EXPECT_EQ(text("cirr", "caption"), "is black");
}

TEST(Protocol, KeepsOrRemovesTheReference) {
  const auto removed = [](const char* name, const char* choice) {
    return question(asked(name, {.names = {{"reference", choice}}}), {"x"})
        .removed;
  };
  for (const auto* name : {"fashioniq", "lasco", "cirr", "circo"}) {
    EXPECT_THAT(removed(name, "removed"), ElementsAre(1)) << name;
    EXPECT_THAT(removed(name, "kept"), IsEmpty()) << name;
  }
  EXPECT_THAT(removed("fashioniq", ""), IsEmpty());
  EXPECT_THAT(removed("cirr", ""), ElementsAre(1));
}

/// Each row that comes first leaves the table's row as it is, and the others do
/// not: a default is what the reference does.
TEST(Protocol, DefaultsToTheReferencePrograms) {
  const auto facts = [](const Benchmark& it) {
    return std::tuple(it.prompt, it.joint, it.words, it.removes_own,
                      it.gallery);
  };
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const auto& row : alternatives())
    for (const auto name : row.benchmarks) {
      auto changed = find_benchmark(name);
      row.apply(changed);
      const bool is_first = seen.emplace(row.option, name).second;
      EXPECT_EQ(facts(changed) == facts(find_benchmark(name)), is_first)
          << row.option << " " << row.name << " " << name;
    }
}

TEST(Protocol, NamesWhatIsInForce) {
  EXPECT_THAT(
      protocol_names(find_benchmark("fashioniq"),
                     {.names = {{"caption-join", "both"}, {"gallery", ""}}}),
      UnorderedElementsAre(Pair("caption-join", "both"),
                           Pair("gallery", "original"),
                           Pair("reference", "kept")));
  EXPECT_THAT(protocol_names(find_benchmark("emoji-cir"), {}),
              UnorderedElementsAre(Pair("reference", "removed")));
  EXPECT_THAT(protocol_names(find_benchmark("sketchy"), {}), IsEmpty());
}

TEST(Protocol, RefusesChoicesThatABenchmarkLeavesNot) {
  EXPECT_EQ(refused("cirr", {.names = {{"gallery", "val"}}}),
            "--gallery is for fashioniq; cirr leaves no choice there");
  EXPECT_EQ(refused("circo", {.names = {{"prompt", "find"}}}),
            "--prompt is 'find'; circo has but, that, caption");
  EXPECT_THAT(refused("sketchy", {.names = {{"reference", "kept"}}}),
              HasSubstr("cirr, circo, emoji-cir, fashioniq, lasco"));
  EXPECT_THAT(refused("cirr", {.names = {}, .union_share = -0.5F}),
              HasSubstr("--union-share is -0.5"));
  EXPECT_THAT(refused("cirr", {.names = {}, .union_share = NAN}),
              HasSubstr("expected a number from 0 on"));
}

TEST(Protocol, TellsOfEveryOptionWhereItIs) {
  EXPECT_THAT(protocol_options(),
              ElementsAre("gallery", "caption-join", "prompt", "reference"));
  EXPECT_THAT(describe_option("prompt"),
              AllOf(HasSubstr("cirr: find ("), HasSubstr("; circo: but (")));
}

class AskedOtherwise : public testing::Test {
 protected:
  static Evaluation ask(const std::string& name, const std::string& folder,
                        const ProtocolChoice& choice) {
    LoadOptions options;
    options.activation = "quick_gelu";
    static const auto model = Retriever::load(
        test::unpacked("clip_tiny_union/clip_tiny_union.pth"), options);
    const auto benchmark = asked(name, choice);
    EvalOptions how;
    how.methods = {Fusion::transagg, Fusion::text};
    how.union_share = benchmark.union_share;
    how.metrics = benchmark.metrics();
    EvalHooks hooks;
    hooks.runtime.threads = 1;
    return evaluate(model,
                    read_tasks(
                        benchmark,
                        fs::path(IGROT_TEST_GOLDEN) / "datasets" / folder, {}),
                    how, hooks)
        .value();
  }
};

TEST_F(AskedOtherwise, TheGalleryOfQuestionsMakesNoAnswerHarder) {
  const auto whole = ask("fashioniq", "FashionIQ", {});
  const auto part =
      ask("fashioniq", "FashionIQ", {.names = {{"gallery", "val"}}});
  ASSERT_EQ(whole.rankings.size(), part.rankings.size());
  for (std::size_t i = 0; i < whole.rankings.size(); ++i) {
    EXPECT_LT(part.tasks[part.rankings[i].task].gallery.size(),
              whole.tasks[whole.rankings[i].task].gallery.size());
    for (std::size_t q = 0; q < whole.rankings[i].first.size(); ++q)
      EXPECT_LE(part.rankings[i].first[q], whole.rankings[i].first[q]);
  }
}

TEST_F(AskedOtherwise, WithoutTheReferenceNoAnswerIsFurtherBehind) {
  const auto kept = ask("circo", "CIRCO", {.names = {{"reference", "kept"}}});
  const auto removed = ask("circo", "CIRCO", {});
  for (std::size_t q = 0; q < kept.rankings[0].first.size(); ++q) {
    EXPECT_LE(removed.rankings[0].first[q], kept.rankings[0].first[q]);
    EXPECT_LE(kept.rankings[0].first[q], removed.rankings[0].first[q] + 1);
  }
}

/// The vector of both orders is the mean of the vectors of each.
TEST_F(AskedOtherwise, BothOrdersOfCaptionsMeetInTheMiddle) {
  const auto by = [](const char* join) {
    return ask("fashioniq", "FashionIQ", {.names = {{"caption-join", join}}});
  };
  const auto both = by("both");
  const auto one = by("stripped");
  for (std::size_t r = 0; r < both.rankings.size(); ++r) {
    const auto mean = both.rankings[r].queries.matrix();
    const auto first = one.rankings[r].queries.matrix();
    for (std::size_t q = 0; q < mean.rows; ++q) {
      double with_first = 0;
      double length = 0;
      for (std::size_t i = 0; i < mean.columns; ++i) {
        with_first += double{mean.row(q)[i]} * double{first.row(q)[i]};
        length += double{mean.row(q)[i]} * double{mean.row(q)[i]};
      }
      EXPECT_NEAR(length, 1, 1e-5);
      EXPECT_GT(with_first, 0.7);  // at most a right angle between both
      EXPECT_LT(with_first, 1 - 1e-7);
    }
  }
}

TEST_F(AskedOtherwise, AShareOfTheUnionVectorTurnsTheQuery) {
  const auto without = ask("cirr", "CIRR", {});
  const auto with = ask("cirr", "CIRR", {.names = {}, .union_share = 0.5F});
  const auto values = [](const Evaluation& found, std::size_t ranking) {
    const auto row = found.rankings.at(ranking).queries.matrix().row(0);
    return std::vector<float>(row.begin(), row.end());
  };
  EXPECT_NE(values(without, 0), values(with, 0));
  EXPECT_EQ(values(without, 1), values(with, 1));  // of words alone
}

}  // namespace
}  // namespace igrot

// `igrot train` without libtorch: a trainer of the test's own stands in.
#include <gmock/gmock.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "igrot/error.h"
#include "program.h"
#include "run.h"
#include "tests/temporary_folder.h"
#include "train_line.h"
#include "training_program.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr TrainProgress a_step{.epoch = 0,
                               .epochs = 2,
                               .step = 312,
                               .steps = 1000,
                               .loss = 2.31,
                               .samples_per_second = 41.24,
                               .waiting_share = 0.031,
                               .seconds_left = 754};

TEST(TrainLine, LeavesOutWhatDoesNotFit) {
  EXPECT_EQ(train_line(a_step, 2.4, 100),
            "step 312/1000  loss 2.400  12 min left  41.2 samples/s  epoch 1/2 "
            " waiting 3%");
  EXPECT_EQ(train_line(a_step, 2.4, 40),
            "step 312/1000  loss 2.400  12 min left");
  EXPECT_EQ(train_line(a_step, 2.4, 8), "step 312");
}

std::string captured_err(const std::function<void()>& body) {
  testing::internal::CaptureStderr();
  body();
  return testing::internal::GetCapturedStderr();
}

TEST(TrainLine, IsWipedBeforeOtherOutputAndAtTheEnd) {
  const auto text = captured_err([] {
    TrainLine line(TrainLine::Style::redrawn, 80);
    line.step(a_step);
    line.aside([] { std::fputs("note\n", stderr); });
    line.step(a_step);
    auto last = a_step;
    last.step = last.steps;
    line.step(last);
  });
  EXPECT_THAT(text, HasSubstr("\r\x1b[Knote\n"));
  EXPECT_THAT(text, EndsWith("\r\x1b[K"));
  EXPECT_THAT(text, HasSubstr("step 1000/1000"));
}

TEST(TrainLine, IsRareWhereThereIsNoTerminal) {
  const auto text = captured_err([] {
    TrainLine line(TrainLine::Style::lines, 80);
    for (std::size_t i = 1; i <= 50; ++i) {
      auto progress = a_step;
      progress.step = i;
      progress.steps = 50;
      line.step(progress);
    }
  });
  EXPECT_EQ(std::ranges::count(text, '\n'), 2);
  EXPECT_THAT(text, StartsWith("step 1/50"));
  EXPECT_THAT(text, HasSubstr("\nstep 50/50"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(TrainLine, SmoothsTheLoss) {
  const auto text = captured_err([] {
    TrainLine line(TrainLine::Style::lines, 80);
    auto progress = a_step;
    progress.loss = 4;
    line.step(progress);
    progress.loss = 2;
    progress.step = progress.steps;
    line.step(progress);
  });
  EXPECT_THAT(text, HasSubstr("loss 3.000"));
}

struct Answer {
  int exit_code = -1;
  std::string out;
  std::string err;
  TrainRequest request;  ///< what the trainer was asked for
};

class TrainVerb : public testing::Test {
 protected:
  TrainVerb() {
    std::ofstream(config_)
        << "[model]\ninit = 'a.pt'\n[data]\ntriplets = 't.jsonl'\n";
  }

  /// Runs `igrot train CONFIG ...` with a trainer that returns `result`.
  Answer train(const std::vector<std::string>& more, const TrainResult& result,
               const std::function<void(const TrainHooks&)>& work = {}) {
    Answer answer;
    World world{.arguments = {},
                .environment = [](auto&) { return std::nullopt; },
                .program = {},
                .working_folder = folder_.path(),
                .stop = &stop_,
                .trainer =
                    [&](const TrainRequest& request, const TrainHooks& hooks) {
                      answer.request = request;
                      if (work) work(hooks);
                      return result;
                    }};
    std::vector<std::string> words{"train", config_.string()};
    words.insert(words.end(), more.begin(), more.end());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    answer.exit_code = run_program(words, std::move(world));
    answer.out = testing::internal::GetCapturedStdout();
    answer.err = testing::internal::GetCapturedStderr();
    return answer;
  }

  TemporaryFolder folder_;
  fs::path config_ = folder_ / "c.toml";
  std::atomic<bool> stop_ = false;
};

const TrainResult done{
    .steps = 312, .skipped = 0, .best_score = {}, .interrupted = false};

TEST_F(TrainVerb, HandsTheConfigurationOver) {
  const auto answer = train(
      {"--out", "o", "--set", "train.epochs=7", "--set",
       "train.save_gradients=[1, 2]", "--threads", "3", "--resume"},
      done,
      [](const TrainHooks& hooks) { EXPECT_EQ(hooks.runtime.threads, 3U); });
  EXPECT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_EQ(answer.request.config.train.epochs, 7U);
  EXPECT_EQ(answer.request.config.train.save_gradients.size(), 2U);
  EXPECT_EQ(answer.request.out, "o");
  EXPECT_TRUE(answer.request.resume);
  EXPECT_EQ(answer.out, "trained 312 steps; o/best.safetensors\n");
}

TEST_F(TrainVerb, EndsWithOneLine) {
  const std::vector<std::string> validated{"--out", "o", "--set",
                                           "validation.triplets=v.jsonl"};
  auto result = done;
  EXPECT_EQ(train(validated, result).out,
            "trained 312 steps; o/last.safetensors\n");
  result.best_score = 12.5;
  result.skipped = 2;
  EXPECT_EQ(train(validated, result).out,
            "trained 312 steps; 2 samples skipped; best 12.50 "
            "(mean(R@10,R@50)); o/best.safetensors\n");
}

TEST_F(TrainVerb, PrintsOneDocumentWithJson) {
  auto result = done;
  const auto bare = json::parse(train({"--out", "o", "--json"}, result).out);
  EXPECT_EQ(bare, json::parse(R"({"out": "o", "steps": 312, "skipped": 0,
                                  "best_score": null, "interrupted": false})"));
  result.best_score = 12.5;
  const auto scored = json::parse(train({"--out", "o", "--json"}, result).out);
  EXPECT_EQ(scored.at("best_score"), 12.5);
}

TEST_F(TrainVerb, FailsForSkippedSamplesWithStrictOnly) {
  auto result = done;
  result.skipped = 1;
  EXPECT_EQ(train({"--out", "o"}, result).exit_code, 0);
  EXPECT_EQ(train({"--out", "o", "--strict"}, result).exit_code, 7);
}

TEST_F(TrainVerb, AsksToStopAndTellsHowToGoOn) {
  auto result = done;
  result.interrupted = true;
  const auto answer = train({"--out", "o"}, result, [&](const auto& hooks) {
    EXPECT_TRUE(hooks.progress(a_step));
    EXPECT_TRUE(hooks.stage("validating", 1, 2));
    stop_ = true;
    EXPECT_FALSE(hooks.progress(a_step));
    EXPECT_FALSE(hooks.stage("validating", 2, 2));
  });
  EXPECT_EQ(answer.exit_code, 130);
  EXPECT_THAT(answer.out, HasSubstr("igrot train o/config.toml --out o "
                                    "--resume continues"));
}

TEST_F(TrainVerb, SaysWhatHappensOnStderr) {
  const auto talk = [](const TrainHooks& hooks) {
    hooks.progress(a_step);
    hooks.runtime.warn("b\x1b.jpg is damaged");
    hooks.say("epoch 1: R@10 12.5");
  };
  const auto answer = train({"--out", "o"}, done, talk);
  EXPECT_THAT(answer.err, HasSubstr("igrot: warning: b\\x1b.jpg is damaged\n"));
  EXPECT_THAT(answer.err, HasSubstr("epoch 1: R@10 12.5\n"));
  EXPECT_THAT(answer.err, HasSubstr("step 312/1000"));
  EXPECT_THAT(train({"--out", "o", "--quiet"}, done, talk).err, IsEmpty());
}

TEST_F(TrainVerb, RefusesWhatItCannotRun) {
  EXPECT_EQ(train({}, done).exit_code, 2);
  EXPECT_THAT(train({}, done).err, HasSubstr("--out is missing"));
  const auto wrong = train({"--out", "o", "--set", "train.epoch=1"}, done);
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("did you mean 'train.epochs'?"));
}

class DryRunVerb : public testing::Test {
 protected:
  DryRunVerb() {
    std::ofstream(folder_ / "t.jsonl")
        << R"({"reference": "img0.png", "text": "red", "target": "img1.png"})"
        << "\n"
        << R"({"reference": "img1.png", "text": "", "target": "img2.png"})"
        << "\n"
        << R"({"reference": "img0.png", "text": "a", "target": "none.png"})"
        << "\n";
    std::ofstream(folder_ / "c.toml")
        << "[model.new]\nwidth = 8\nside = 16\nimage_width = 64\n"
           "image_layers = 1\ntext_width = 64\ntext_layers = 1\n"
           "[data]\ntriplets = 't.jsonl'\n"
           "root = '" IGROT_TEST_GOLDEN
           "/models/images'\n"
           "[train]\nbatch_size = 2\nepochs = 3\n"
           "[validation]\ntriplets = 't.jsonl'\nroot = '/nowhere'\n";
  }

  Ran dry(std::vector<std::string> more) {
    more.insert(more.begin(),
                {"train", (folder_ / "c.toml").string(), "--dry-run"});
    return run(more);
  }

  TemporaryFolder folder_;
};

TEST_F(DryRunVerb, CountsWhatARunWouldFind) {
  const auto ran = dry({"--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto found = json::parse(ran.out);
  EXPECT_EQ(found.at("samples"), 3);
  EXPECT_EQ(found.at("batches"), 1);
  EXPECT_EQ(found.at("steps"), 3);
  EXPECT_EQ(found.at("pictures").at("different"), 4);
  EXPECT_EQ(found.at("pictures").at("missing"),
            json::parse("[\"" IGROT_TEST_GOLDEN "/models/images/none.png\"]"));
  EXPECT_EQ(found.at("wordless"), json::parse("[1]"));
  EXPECT_EQ(found.at("model").at("side"), 16);
  EXPECT_EQ(found.at("validation").at("queries"), 3);
  EXPECT_EQ(found.at("validation").at("pictures").at("missing").size(), 4U);
  EXPECT_EQ(found.at("sheet"), nullptr);
}

TEST_F(DryRunVerb, WritesAPageAndNothingElse) {
  const auto out = folder_ / "o";
  const auto ran = dry({"--out", out.string()});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("batches of 2: 1 an epoch, 3 steps in all"));
  EXPECT_THAT(ran.out, HasSubstr("missing: "));
  EXPECT_THAT(ran.out, HasSubstr((out / "sheet.html").string()));
  EXPECT_GT(fs::file_size(out / "sheet.html"), 1000U);
  EXPECT_EQ(std::distance(fs::directory_iterator(out), {}), 1);
}

TEST_F(DryRunVerb, FailsWhereARunWould) {
  EXPECT_EQ(dry({"--strict"}).exit_code, 7);
  const auto large = dry({"--set", "train.batch_size=4"});
  EXPECT_EQ(large.exit_code, 2);
  EXPECT_THAT(large.err, HasSubstr("3 samples are less than"));
}

class TrainingProgram : public testing::Test {
 protected:
  TrainingProgram() {
    fs::create_directories(folder_ / "bin");
    fs::copy_file(IGROT_TEST_PROGRAM, program_);
  }

  void put_script(const fs::path& path) {
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "#!/bin/sh\necho \"$@\"; pwd; echo $MARK; cat\n"
                           "echo heard >&2; exit 9\n";
    fs::permissions(path, fs::perms::owner_all);
  }

  /// What the copied program says on stdout and stderr, and its exit code.
  std::pair<int, std::string> call(const std::string& arguments) {
    const auto line = "cd " + folder_.path().string() +
                      " && echo typed | MARK=kept " + program_.string() + " " +
                      arguments + " 2>&1";
    auto* pipe = ::popen(line.c_str(), "r");
    std::string said;
    std::array<char, 256> part{};
    while (std::fgets(part.data(), part.size(), pipe)) said += part.data();
    const int status = ::pclose(pipe);
    return {WEXITSTATUS(status), said};
  }

  TemporaryFolder folder_;
  fs::path program_ = folder_ / "bin" / "igrot";
};

TEST_F(TrainingProgram, IsMissedByName) {
  const auto [code, said] = call("train c.toml --out o");
  EXPECT_EQ(code, 5);
  EXPECT_THAT(said, HasSubstr("train needs igrot-train, which is not in this "
                              "build (CMake option IGROT_TRAIN)"));
}

TEST_F(TrainingProgram, RunsInPlaceWithEverythingKept) {
  put_script(folder_ / "bin" / "igrot-train");
  const auto [code, said] = call("train c.toml --out o --set data.limit=3");
  EXPECT_EQ(code, 9);
  EXPECT_EQ(said, "train c.toml --out o --set data.limit=3\n" +
                      folder_.path().string() + "\nkept\ntyped\nheard\n");
}

TEST_F(TrainingProgram, IsAlsoFoundInLibexec) {
  EXPECT_EQ(find_training_program(program_), std::nullopt);
  const auto installed = folder_ / "libexec" / "igrot" / "igrot-train";
  put_script(installed);
  EXPECT_EQ(find_training_program(program_), installed);
  put_script(folder_ / "bin" / "igrot-train");
  EXPECT_EQ(find_training_program(program_), folder_ / "bin" / "igrot-train");
}

}  // namespace
}  // namespace igrot::app

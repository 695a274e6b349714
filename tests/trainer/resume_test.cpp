// A run that is stopped or killed and goes on ends with the same bytes as one
// that nothing happened to.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "base/file.h"
#include "tests/trainer/small_run.h"

namespace igrot::test {
namespace {

std::vector<std::byte> bytes_of(const fs::path& path) {
  return read_file(path, 1U << 30U);
}

std::size_t lines_in(const fs::path& path) {
  std::ifstream in(path);
  return static_cast<std::size_t>(
      std::count(std::istreambuf_iterator<char>(in), {}, '\n'));
}

/// A process of its own that trains; threads of libtorch start in it alone.
pid_t start(const TrainRequest& request) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  try {
    train(request, two_threads());
    ::_exit(0);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    ::_exit(1);
  }
}

int finish(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Kills the process as soon as so many steps are written down; false when it
/// ended before.
bool kill_after(pid_t child, const fs::path& out, std::size_t steps) {
  while (lines_in(out / "steps.jsonl") < steps) {
    int status = 0;
    if (::waitpid(child, &status, WNOHANG) == child) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ::kill(child, SIGKILL);
  finish(child);
  return true;
}

/// The lines that do not depend on the clock.
std::vector<nlohmann::json> numbers_of(const fs::path& out) {
  auto lines = read_lines(out / "steps.jsonl");
  for (auto& line : lines)
    for (const char* key : {"seconds", "waiting_seconds", "samples_per_second"})
      line.erase(key);
  return lines;
}

class Resume : public testing::Test {
 protected:
  TrainRequest request(const std::string& name) const {
    auto request = small_run(folder_.path(), folder_ / name);
    request.config.validation.emplace();
    request.config.validation->triplets = request.config.data.triplets;
    request.config.validation->metric = "R@1";
    return request;
  }

  void expect_same(const std::string& a, const std::string& b) const {
    for (const char* file :
         {"last.safetensors", "last.pth", "best.safetensors", "best.pth"})
      EXPECT_EQ(bytes_of(folder_ / a / file), bytes_of(folder_ / b / file))
          << file;
    EXPECT_EQ(numbers_of(folder_ / a), numbers_of(folder_ / b));
  }

  TemporaryFolder folder_;
};

TEST_F(Resume, GivesTheSameBytesAfterKillsAtAnyStep) {
  ASSERT_EQ(finish(start(request("whole"))), 0);
  ASSERT_EQ(lines_in(folder_ / "whole/steps.jsonl"), 12U);
  auto request = this->request("killed");
  // Before the first state, behind a state, at the end of an epoch, near the
  // end.
  for (const std::size_t steps : {1U, 2U, 4U, 5U, 8U, 9U, 12U}) {
    EXPECT_TRUE(kill_after(start(request), request.out, steps)) << steps;
    request.resume = true;
  }
  ASSERT_EQ(finish(start(request)), 0);
  expect_same("whole", "killed");
}

TEST_F(Resume, GivesTheSameBytesAfterAWishToStop) {
  train(request("whole"), two_threads());
  auto request = this->request("stopped");
  auto hooks = two_threads();
  hooks.progress = [](const TrainProgress& p) { return p.step != 6; };
  const auto stopped = train(request, hooks);
  EXPECT_TRUE(stopped.interrupted);
  EXPECT_EQ(stopped.steps, 6U);
  request.resume = true;
  const auto rest = train(request, two_threads());
  EXPECT_FALSE(rest.interrupted);
  EXPECT_EQ(rest.steps, 12U);
  expect_same("whole", "stopped");
}

TEST_F(Resume, GoesOnFromAnOlderStateWhereTheNewestIsDamaged) {
  train(request("whole"), two_threads());
  auto request = this->request("damaged");
  train(request, two_threads());
  fs::path newest;
  for (const auto& entry : fs::directory_iterator(request.out / "state"))
    if (entry.path().extension() == ".safetensors")
      newest = std::max(newest, entry.path());
  fs::resize_file(newest, 100);
  std::vector<std::string> warnings;
  auto hooks = two_threads();
  hooks.runtime.warn = [&](std::string_view sentence) {
    warnings.emplace_back(sentence);
  };
  request.resume = true;
  train(request, hooks);
  EXPECT_THAT(warnings, testing::Contains(
                            testing::HasSubstr(newest.filename().string())));
  expect_same("whole", "damaged");
}

TEST_F(Resume, RefusesAnotherConfigurationAndRunsThatAreThereAlready) {
  auto request = this->request("run");
  request.config.train.epochs = 1;
  train(request, two_threads());
  try {
    train(request, two_threads());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), testing::HasSubstr("--resume"));
  }
  request.resume = true;
  request.config.train.weight_decay = 0.1;
  try {
    train(request, two_threads());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), testing::HasSubstr("weight_decay"));
  }
}

TEST_F(Resume, KeepsAsManyStatesAndCheckpointsAsAsked) {
  auto request = this->request("run");
  request.config.checkpoint = {.every_steps = 1, .keep = 3};
  train(request, two_threads());
  const auto count = [&](const char* folder, const char* ending) {
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(request.out / folder))
      files += entry.path().extension() == ending;
    return files;
  };
  EXPECT_EQ(count("state", ".safetensors"), 3U);
  EXPECT_EQ(count("checkpoints", ".safetensors"), 3U);
  EXPECT_EQ(count("checkpoints", ".pth"), 3U);
  const auto middle = request.out / "checkpoints/step-00000011.safetensors";
  EXPECT_NE(bytes_of(middle), bytes_of(request.out / "last.safetensors"));
}

}  // namespace
}  // namespace igrot::test

// `igrot data caption` against a server of the test's own.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "caption_log.h"
#include "chat_server.h"
#include "data/training_set.h"
#include "golden.h"
#include "igrot/error.h"
#include "igrot/image.h"
#include "run.h"
#include "tests/temporary_folder.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::Each;
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Le;
using testing::Not;
using testing::StartsWith;

constexpr std::size_t picture_count = 8;

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::vector<json> read_lines(const fs::path& path) {
  std::vector<json> lines;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);)
    lines.push_back(json::parse(line));
  return lines;
}

/// A caption that tells which picture was sent.
std::string caption_for(const SeenRequest& request) {
  return "a picture of " + std::to_string(sent_picture(request).size()) +
         " bytes";
}

ChatAnswer good(const SeenRequest& request, std::size_t = 0) {
  return {.body = completion(caption_for(request))};
}

ChatAnswer refusal(int status, const std::string& message,
                   const std::string& headers = {}) {
  return {.body = json{{"error", {{"message", message}}}}.dump(),
          .status = status,
          .headers = headers};
}

class DataCaption : public testing::Test {
 protected:
  DataCaption() {
    fs::create_directories(pictures_);
    for (std::size_t i = 0; i < picture_count; ++i) {
      const auto name = "img" + std::to_string(i) + ".png";
      fs::copy_file(golden("models/images/" + name), pictures_ / name);
    }
  }

  std::vector<std::string> words(const ChatServer& server,
                                 std::vector<std::string> more = {}) const {
    std::vector<std::string> words{
        "data",       "caption",         "--images", pictures_.string(),
        "--out",      out_.string(),     "--model",  "llava",
        "--endpoint", server.endpoint(), "-v"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  RunOptions options() const {
    RunOptions options;
    options.variables = {{"no_proxy", "127.0.0.1"}};
    return options;
  }
  Ran caption(const ChatServer& server,
              std::vector<std::string> more = {}) const {
    return run(words(server, std::move(more)), options());
  }

  void keep_one_picture() const {
    for (std::size_t i = 1; i < picture_count; ++i)
      fs::remove(pictures_ / ("img" + std::to_string(i) + ".png"));
  }

  TemporaryFolder folder_;
  fs::path pictures_ = folder_ / "p";
  fs::path out_ = folder_ / "captions.jsonl";
};

TEST_F(DataCaption, WritesALineForEveryPicture) {
  const ChatServer server(good);
  const auto ran = caption(server);
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  std::set<std::string> names;
  for (const auto& line : read_lines(out_)) {
    const auto name = line.at("image").get<std::string>();
    names.insert(name);
    EXPECT_EQ(line.at("caption"),
              "a picture of " + std::to_string(fs::file_size(folder_ / name)) +
                  " bytes");
    EXPECT_EQ(line.at("model"), "llava");
  }
  EXPECT_EQ(names.size(), picture_count);
  EXPECT_TRUE(names.contains("p/img0.png"));
  EXPECT_THAT(ran.out, HasSubstr("8 pictures: 0 captions were there, 8 came"));
}

TEST_F(DataCaption, AsksAsThePaperDoes) {
  keep_one_picture();
  const ChatServer server(good);
  ASSERT_EQ(caption(server).exit_code, 0);
  const auto request = server.seen().at(0);
  EXPECT_EQ(request.path, "/v1/chat/completions");
  EXPECT_EQ(request.header("authorization"), "");
  EXPECT_EQ(request.header("content-type"), "application/json");
  EXPECT_EQ(sent_picture(request), read(pictures_ / "img0.png"));
  const auto body = json::parse(request.body);
  EXPECT_EQ(body.at("model"), "llava");
  EXPECT_EQ(body.at("max_tokens"), 100);
  EXPECT_EQ(body.at("temperature"), 0);
  const auto& content = body.at("messages").at(0).at("content");
  EXPECT_EQ(content.at(0).at("text"),
            "Describe the image in one sentence with details.");
  EXPECT_THAT(content.at(1).at("image_url").at("url").get<std::string>(),
              StartsWith("data:image/png;base64,"));
}

TEST_F(DataCaption, TakesAPromptFromAFile) {
  keep_one_picture();
  std::ofstream(folder_ / "prompt") << "What is this?\n";
  const ChatServer server(good);
  ASSERT_EQ(caption(server, {"--prompt", "@" + (folder_ / "prompt").string()})
                .exit_code,
            0);
  EXPECT_THAT(server.seen().at(0).body, HasSubstr("\"What is this?\""));
}

TEST_F(DataCaption, SendsTheKeyAndNeverPrintsIt) {
  const std::string key = "sk-very-secret-0123";
  const ChatServer server([&](const SeenRequest&, std::size_t) {
    return refusal(401, "Incorrect key: " + key + ", ask for another");
  });
  auto with_key = options();
  with_key.variables["OPENAI_API_KEY"] = key;
  const auto ran = run(words(server), with_key);
  EXPECT_EQ(server.seen().at(0).header("authorization"), "Bearer " + key);
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr("401: Incorrect key: ***, ask for another"));
  EXPECT_THAT(ran.out + ran.err + read(out_), Not(HasSubstr("secret")));
  with_key.variables["IGROT_API_KEY"] = "another";
  (void)run(words(server), with_key);
  EXPECT_EQ(server.seen().back().header("authorization"), "Bearer another");
}

TEST_F(DataCaption, TriesAgainWhereTheServerIsBusyOrGone) {
  keep_one_picture();
  const ChatServer server([](const SeenRequest& request, std::size_t index) {
    if (index == 0) return refusal(429, "slow down", "Retry-After: 1\r\n");
    if (index == 1) return ChatAnswer{.cut = true};
    if (index == 2) return refusal(503, "starting");
    return good(request);
  });
  const auto start = std::chrono::steady_clock::now();
  const auto ran = caption(server);
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr("429: slow down; trying again"));
  EXPECT_EQ(server.seen().size(), 4U);
  EXPECT_EQ(read_lines(out_).size(), 1U);
  // A second as the server says, then one and two by our own count.
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::seconds(4));
}

TEST_F(DataCaption, GivesUpAfterSomeTries) {
  keep_one_picture();
  const ChatServer server([](const SeenRequest&, std::size_t) {
    return refusal(500, "out of\nmemory");
  });
  const auto ran = caption(server, {"--retries", "1"});
  EXPECT_EQ(ran.exit_code, 6);
  EXPECT_THAT(ran.err, HasSubstr("img0.png: the server answers 500: out of "
                                 "memory (tried 2 times)"));
  EXPECT_EQ(server.seen().size(), 2U);
}

TEST_F(DataCaption, EndsWhereEveryPictureFails) {
  for (std::size_t i = 0; i < 12; ++i)
    fs::copy_file(pictures_ / "img0.png",
                  pictures_ / ("more" + std::to_string(i) + ".png"));
  const ChatServer server(
      [](const SeenRequest&, std::size_t) { return refusal(502, ""); });
  const auto ran = caption(server, {"--retries", "0", "--jobs", "1"});
  EXPECT_EQ(ran.exit_code, 6);
  EXPECT_THAT(ran.err, HasSubstr("10 pictures in a row got no caption"));
  EXPECT_EQ(server.seen().size(), 10U);
}

TEST_F(DataCaption, EndsAtOnceWhereTheRequestIsWrong) {
  const ChatServer server([](const SeenRequest&, std::size_t) {
    return refusal(404, "no model 'llava'\n" + std::string(1000, 'x'));
  });
  const auto ran = caption(server, {"--jobs", "1"});
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.err, HasSubstr("404: no model 'llava' xxx"));
  EXPECT_LT(ran.err.size(), 600U);
  EXPECT_EQ(server.seen().size(), 1U);
}

TEST_F(DataCaption, SkipsAPictureThatIsRefusedAndAsksAgainNextTime) {
  const auto refused = read(pictures_ / "img3.png");
  bool still = true;
  const ChatServer server([&](const SeenRequest& request, std::size_t) {
    return still && sent_picture(request) == refused
               ? refusal(400, "too colourful")
               : good(request);
  });
  const auto ran = caption(server, {"--strict", "--json"});
  EXPECT_EQ(ran.exit_code, 7);
  const auto told = json::parse(ran.out);
  EXPECT_EQ(told.at("written"), 7);
  EXPECT_EQ(told.at("missing"), 1);
  EXPECT_THAT(told.at("skipped").at(0).at("error").get<std::string>(),
              HasSubstr("too colourful"));
  still = false;
  const auto asked = server.seen().size();
  EXPECT_THAT(caption(server).out, HasSubstr("7 captions were there, 1 came"));
  EXPECT_EQ(server.seen().size(), asked + 1);
}

TEST_F(DataCaption, SkipsAnswersThatAreNoCaption) {
  const std::vector<std::string> bodies{
      "not JSON",
      std::string(5000, '['),
      R"({"choices": []})",
      R"({"choices": [{"message": {"content": null}}]})",
      completion(" \n "),
      completion(std::string(20'000, 'x')),
      std::string(2 << 20, ' ')};
  const ChatServer server([&](const SeenRequest& request, std::size_t index) {
    return index < bodies.size() ? ChatAnswer{.body = bodies[index]}
                                 : good(request);
  });
  const auto ran = caption(server, {"--jobs", "1", "--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto told = json::parse(ran.out);
  EXPECT_EQ(told.at("written"), 1);
  ASSERT_EQ(told.at("skipped").size(), bodies.size());
  for (const auto& one : told.at("skipped"))
    EXPECT_EQ(one.at("kind"), "corrupt") << one;
  EXPECT_EQ(read_lines(out_).size(), 1U);
}

TEST_F(DataCaption, WaitsNoLongerThanItIsTold) {
  keep_one_picture();
  const ChatServer server([](const SeenRequest&, std::size_t) {
    return ChatAnswer{.stalls = true};
  });
  const auto ran = caption(server, {"--timeout", "1", "--retries", "0"});
  EXPECT_EQ(ran.exit_code, 6);
  EXPECT_THAT(ran.err, HasSubstr("tried 1 times"));
}

TEST_F(DataCaption, AsksForSomeAtATimeAndNoMore) {
  const ChatServer server([](const SeenRequest& request, std::size_t) {
    auto answer = good(request);
    answer.after = std::chrono::milliseconds(100);
    return answer;
  });
  ASSERT_EQ(caption(server, {"--jobs", "3"}).exit_code, 0);
  EXPECT_THAT(server.most_at_once(), AllOf(Ge(2U), Le(3U)));
  EXPECT_EQ(server.seen().size(), picture_count);
}

/// Starts the program and lets it run.
pid_t spawn(std::vector<std::string> words) {
  words.insert(words.begin(), IGROT_TEST_PROGRAM);
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::string home = "HOME=/nowhere", proxy = "no_proxy=127.0.0.1";
  char* envp[] = {home.data(), proxy.data(), nullptr};
  const pid_t child = ::fork();
  if (child == 0) {
    const int nowhere = ::open("/dev/null", O_RDWR);
    for (const int stream : {0, 1, 2}) ::dup2(nowhere, stream);
    ::execve(IGROT_TEST_PROGRAM, argv.data(), envp);
    ::_exit(127);
  }
  return child;
}

TEST_F(DataCaption, LosesNothingThatCameWhenItIsKilled) {
  std::atomic<std::size_t> answered = 0;
  const ChatServer server([&](const SeenRequest& request, std::size_t) {
    if (answered == 4) return ChatAnswer{.stalls = true};
    ++answered;
    return good(request);
  });
  const auto child = spawn(words(server, {"--jobs", "1"}));
  ASSERT_GT(child, 0);
  for (int i = 0; i < 2000 && server.seen().size() < 5; ++i) ::usleep(5000);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(read_lines(out_).size(), 4U);

  answered = 100;
  const auto ran = caption(server);
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(server.seen().size(), 5 + 4U);
  std::set<std::string> names;
  for (const auto& line : read_lines(out_)) names.insert(line.at("image"));
  EXPECT_EQ(names.size(), picture_count);
  EXPECT_EQ(read_lines(out_).size(), picture_count);
}

TEST_F(DataCaption, KeepsWhatCameAtCtrlC) {
  const ChatServer server([](const SeenRequest& request, std::size_t index) {
    return index < 3 ? good(request) : ChatAnswer{.stalls = true};
  });
  auto interrupted = options();
  interrupted.interrupt_after = "img2.png: a picture";
  const auto ran = run(words(server, {"--jobs", "1"}), interrupted);
  EXPECT_EQ(ran.exit_code, 130);
  EXPECT_THAT(ran.out, HasSubstr("3 came, 5 are missing"));
  EXPECT_EQ(read_lines(out_).size(), 3U);
}

TEST_F(DataCaption, PassesOverALastLineThatWasCut) {
  std::ofstream(out_) << R"({"image": "p/img0.png", "caption": "there"})"
                      << "\n"
                      << R"({"image": "p/img1.png", "capt)";
  const ChatServer server(good);
  EXPECT_THAT(caption(server).out, HasSubstr("1 captions were there, 7 came"));
  EXPECT_EQ(read_lines(out_).size(), picture_count);
}

TEST_F(DataCaption, NamesALineThatIsDamaged) {
  std::ofstream(out_) << "{\"image\": \"a\", \"caption\": \"b\"}\nwhat?\n{}\n";
  const ChatServer server(good);
  const auto ran = caption(server);
  EXPECT_EQ(ran.exit_code, 4);
  EXPECT_THAT(ran.err, HasSubstr("captions.jsonl: line 2"));
  EXPECT_THAT(server.seen(), IsEmpty());
}

TEST_F(DataCaption, LeavesTheFileToWhoeverWritesIt) {
  const CaptionLog other(out_, "caption");
  const ChatServer server(good);
  const auto ran = caption(server);
  EXPECT_EQ(ran.exit_code, 6);
  EXPECT_THAT(ran.err, HasSubstr("another program"));
}

TEST_F(DataCaption, TellsWhenCaptionsAreOfAnotherModel) {
  std::ofstream(out_)
      << R"({"image": "p/img0.png", "caption": "x", "model": "other"})"
      << "\n";
  const ChatServer server(good);
  EXPECT_THAT(caption(server).err,
              HasSubstr("captions that are there are of other"));
}

TEST_F(DataCaption, SkipsPicturesThatCannotBeRead) {
  std::ofstream(pictures_ / "img1.png", std::ios::trunc) << "no picture";
  std::ofstream(folder_ / "list") << (pictures_ / "img0.png").string() << "\n"
                                  << (pictures_ / "img1.png").string() << "\n"
                                  << (pictures_ / "gone.png").string() << "\n"
                                  << (pictures_ / "img0.png").string() << "\n";
  const ChatServer server(good);
  const auto ran =
      run({"data", "caption", "--images", (folder_ / "list").string(), "--out",
           out_.string(), "--endpoint", server.endpoint() + "/", "--model", "m",
           "--json"},
          options());
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto told = json::parse(ran.out);
  EXPECT_EQ(told.at("pictures"), 3);
  EXPECT_EQ(told.at("written"), 1);
  EXPECT_EQ(told.at("skipped").size(), 2U);
  EXPECT_EQ(server.seen().size(), 1U);
}

TEST_F(DataCaption, SendsLargePicturesSmaller) {
  const ChatServer server(good);
  ASSERT_EQ(caption(server, {"--side", "48"}).exit_code, 0);
  for (const auto& request : server.seen()) {
    const auto bytes = sent_picture(request);
    const auto image = Image::decode(std::as_bytes(std::span(bytes)));
    EXPECT_LE(std::max(image.width(), image.height()), 48U);
  }
  EXPECT_THAT(server.seen().at(0).body, HasSubstr("data:image/jpeg;base64,"));
}

TEST_F(DataCaption, WritesPairsToTrainOn) {
  const ChatServer server(good);
  ASSERT_EQ(caption(server, {"--format", "pairs"}).exit_code, 0);
  const auto pairs = read_captions(out_, folder_.path());
  EXPECT_EQ(pairs.samples.size(), picture_count);
}

/// LaSCo's own list of the triplets in LlavaSCo's.
void write_lasco_list(const fs::path& llavasco, const fs::path& list) {
  std::ifstream in(llavasco);
  auto triplets = json::array();
  const auto picture = [](const json& id) {
    std::ostringstream path;
    path << "train2014/COCO_train2014_" << std::setw(12) << std::setfill('0')
         << id.get<int>() << ".jpg";
    return json{id, path.str()};
  };
  for (const auto& triplet : json::parse(in))
    triplets.push_back({{"qid", triplets.size()},
                        {"query-image", picture(triplet["reference_image_id"])},
                        {"query-text", triplet["relative_caption"]},
                        {"target-image", picture(triplet["target_image_id"])}});
  std::ofstream(list) << triplets;
}

TEST_F(DataCaption, WritesLlavascoAsTrainingReadsIt) {
  const auto root = folder_ / "LaSCo";
  fs::copy(golden("datasets/LaSCo"), root, fs::copy_options::recursive);
  write_lasco_list(root / "train_llavasco.json", root / "lasco_train.json");
  fs::remove(root / "train_llavasco.json");
  const ChatServer server(good);
  const std::vector<std::string> words{
      "data",       "caption",
      "--images",   (root / "lasco_train.json").string(),
      "--out",      (root / "train_llavasco.json").string(),
      "--format",   "llavasco",
      "--model",    "llava",
      "--endpoint", server.endpoint()};
  const auto ran = run(words, options());
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto set = read_training_set("llavasco", root, true);
  const auto reference =
      read_training_set("llavasco", golden("datasets/LaSCo"), false);
  ASSERT_EQ(set.triplets.size(), reference.triplets.size());
  ASSERT_GT(set.triplets.size(), 10U);
  for (std::size_t i = 0; i < set.triplets.size(); ++i) {
    const auto& triplet = set.triplets[i];
    EXPECT_EQ(triplet.target.filename(),
              reference.triplets[i].target.filename());
    EXPECT_EQ(triplet.text, reference.triplets[i].text + " with a picture of " +
                                std::to_string(fs::file_size(triplet.target)) +
                                " bytes");
  }
  const auto asked = server.seen().size();
  EXPECT_LE(asked, set.triplets.size());
  ASSERT_EQ(run(words, options()).exit_code, 0);
  EXPECT_EQ(server.seen().size(), asked);
}

TEST_F(DataCaption, WritesLlavascoOnlyWhenItIsWhole) {
  const auto root = folder_ / "LaSCo";
  fs::copy(golden("datasets/LaSCo"), root, fs::copy_options::recursive);
  const ChatServer server([](const SeenRequest& request, std::size_t index) {
    return index == 1 ? refusal(400, "no") : good(request);
  });
  write_lasco_list(root / "train_llavasco.json", root / "lasco_train.json");
  const auto ran =
      run({"data", "caption", "--images", (root / "lasco_train.json").string(),
           "--out", (folder_ / "new.json").string(), "--format", "llavasco",
           "--model", "llava", "--endpoint", server.endpoint()},
          options());
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.err, HasSubstr("once every caption is there"));
  EXPECT_FALSE(fs::exists(folder_ / "new.json"));
}

TEST_F(DataCaption, RefusesWhatCannotBeMeant) {
  const ChatServer server(good);
  const auto refused = [&](const std::vector<std::string>& more) {
    const auto ran = caption(server, more);
    EXPECT_EQ(ran.exit_code, 2) << ran.err;
    return ran.err;
  };
  EXPECT_THAT(refused({"--jobs", "0"}), HasSubstr("expected 1 to 256"));
  EXPECT_THAT(refused({"--format", "xml"}), HasSubstr("llavasco"));
  EXPECT_THAT(refused({"--format", "llavasco"}), HasSubstr(".json"));
  EXPECT_THAT(refused({"--prompt", ""}), HasSubstr("--prompt is empty"));
  EXPECT_THAT(server.seen(), IsEmpty());
}

}  // namespace
}  // namespace igrot::app

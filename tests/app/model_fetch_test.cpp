// Known models: the table, `igrot model list`, `igrot model fetch`, and names
// in place of paths.
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/sha256.h"
#include "known_models.h"
#include "run.h"
#include "tests/app/file_server.h"
#include "tests/app/golden.h"
#include "tests/temporary_folder.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

void write(const fs::path& path, const std::string& content) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

TEST(KnownModels, StandInTheTableWithWhatAFetchNeeds) {
  std::set<std::string_view> names;
  for (const auto& model : known_models()) {
    EXPECT_TRUE(names.insert(model.name).second) << model.name;
    EXPECT_THAT(std::string(model.name), MatchesRegex("[a-z0-9-]+"));
    EXPECT_EQ(find_known_model(model.name), &model);
    EXPECT_FALSE(model.layout.empty());
    EXPECT_THAT(std::string(model.page), StartsWith("https://"));
    for (const auto& file : model.files) {
      EXPECT_THAT(std::string(file.address), StartsWith("https://"));
      EXPECT_THAT(std::string(file.address),
                  EndsWith("/" + std::string(file.name)));
      if (file.sha256.empty()) continue;
      EXPECT_THAT(std::string(file.sha256), MatchesRegex("[0-9a-f]{64}"));
      // What main holds may change, and the hash would be wrong.
      EXPECT_THAT(std::string(file.address), Not(HasSubstr("/main/")));
    }
  }
}

TEST(KnownModels, StandInTheManual) {
  const auto manual = read(golden("../../docs/models.md"));
  for (const auto& model : known_models()) {
    EXPECT_THAT(manual, HasSubstr("`" + std::string(model.name) + "`"));
    for (const auto& file : model.files)
      EXPECT_THAT(manual, HasSubstr(std::string(file.sha256)));
  }
}

class ModelFetchTest : public testing::Test {
 protected:
  void SetUp() override {
    unpack(golden("models/clip_tiny/hf/model.safetensors.gz"),
           folder_ / "weights");
    weights_ = read(folder_ / "weights");
    config_ = read(golden("models/clip_tiny/hf/config.json"));
  }

  /// A program that knows this home and nothing else.
  RunOptions options() const {
    RunOptions options;
    options.folder = folder_.path();
    options.variables = {{"XDG_DATA_HOME", folder_ / "data"},
                         {"XDG_CACHE_HOME", folder_ / "cache"}};
    return options;
  }
  RunOptions with_mirror() const {
    auto mirrored = options();
    mirrored.variables["IGROT_MODEL_MIRROR"] = server_.address();
    return mirrored;
  }
  Ran fetch(const std::vector<std::string>& more = {}) const {
    return fetch(more, with_mirror());
  }
  Ran fetch(const std::vector<std::string>& more,
            const RunOptions& options) const {
    std::vector<std::string> arguments{"model", "fetch", "bge-vl-base"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments, options);
  }

  void serve(const std::string& prefix = "/huggingface.co") {
    const auto place = prefix + "/BAAI/BGE-VL-base/resolve/main/";
    server_.serve(place + "config.json", {.content = config_});
    server_.serve(place + "model.safetensors",
                  {.content = weights_, .etag = "\"v1\""});
  }
  /// As Hugging Face's programs leave a fetched model.
  fs::path cache_model(const fs::path& cache,
                       const std::string& commit = "abc") const {
    const auto snapshot =
        cache / "models--BAAI--BGE-VL-base/snapshots" / commit;
    write(snapshot / "config.json", config_);
    const auto blob = cache / "models--BAAI--BGE-VL-base/blobs/0123";
    write(blob, weights_);
    fs::create_symlink(blob, snapshot / "model.safetensors");
    return snapshot;
  }
  fs::path store() const { return folder_ / "data/igrot/models/bge-vl-base"; }

  TemporaryFolder folder_;
  FileServer server_;
  std::string weights_;
  std::string config_;
};

TEST_F(ModelFetchTest, BringsAModelThatItsNameThenStandsFor) {
  serve();
  const auto ran = fetch();
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, store().string() + "\n");
  EXPECT_EQ(read(store() / "model.safetensors"), weights_);
  EXPECT_EQ(read(store() / "config.json"), config_);

  const auto info = json::parse(
      run({"model", "info", "bge-vl-base", "--json"}, options()).out);
  EXPECT_EQ(info.at("layout"), "huggingface");
  auto feed = options();
  write(folder_ / "texts", "a dog\n");
  const auto embedded = run({"embed", "--model", "bge-vl-base", "--what",
                             "text", "--texts", "texts", "--out", "y.npy"},
                            feed);
  EXPECT_EQ(embedded.exit_code, 0) << embedded.err;
  EXPECT_TRUE(fs::exists(folder_ / "y.npy"));
}

TEST_F(ModelFetchTest, FetchesNothingTwice) {
  serve();
  fetch();
  const auto requests = server_.seen().size();
  const auto again = json::parse(fetch({"--json"}).out);
  EXPECT_EQ(server_.seen().size(), requests);
  EXPECT_EQ(again.at("path"), store().string());
  EXPECT_EQ(again.at("files").at(1).at("source"), "there");
}

TEST_F(ModelFetchTest, TellsWhatCouldNotBeChecked) {
  serve();
  const auto ran = fetch({"--json"});
  const auto file = json::parse(ran.out).at("files").at(1);
  EXPECT_EQ(file.at("name"), "model.safetensors");
  EXPECT_EQ(file.at("source"), "download");
  EXPECT_EQ(file.at("size_bytes"), weights_.size());
  EXPECT_EQ(file.at("sha256"), sha256_hex(as_bytes(weights_)));
  EXPECT_EQ(file.at("checked"), false);
  EXPECT_THAT(ran.err, HasSubstr("no SHA-256 is published"));
}

TEST_F(ModelFetchTest, PutsFilesWhereItIsTold) {
  serve();
  const auto ran = fetch({"--to", "here"});
  EXPECT_EQ(ran.out, "here\n");
  EXPECT_EQ(read(folder_ / "here/model.safetensors"), weights_);
  EXPECT_FALSE(fs::exists(store()));
}

TEST_F(ModelFetchTest, KeepsAPartWhenInterruptedAndGoesOn) {
  serve();
  const std::string path =
      "/huggingface.co/BAAI/BGE-VL-base/resolve/main/model.safetensors";
  server_.serve(path, {.content = weights_,
                       .etag = "\"v1\"",
                       .cuts = 1,
                       .cut_after = 50'000,
                       .stalls = true});
  auto interrupted = with_mirror();
  interrupted.interrupt_after = "trying again";
  const auto ran = fetch({}, interrupted);
  EXPECT_EQ(ran.exit_code, 130) << ran.err;
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_EQ(fs::file_size(store() / "model.safetensors.part"), 50'000U);
  EXPECT_EQ(run({"model", "info", "bge-vl-base"}, options()).exit_code, 3);

  serve();
  EXPECT_EQ(fetch().exit_code, 0);
  EXPECT_EQ(server_.seen().back().header("range"), "bytes=50000-");
  EXPECT_EQ(read(store() / "model.safetensors"), weights_);
}

TEST_F(ModelFetchTest, RefusesOtherBytesThanTheTableSays) {
  server_.serve(
      "/openaipublic.azureedge.net/clip/models/"
      "40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af/"
      "ViT-B-32.pt",
      {.content = weights_});
  const auto ran = run({"model", "fetch", "openai-vit-b-32"}, with_mirror());
  EXPECT_EQ(ran.exit_code, 4);
  EXPECT_THAT(ran.err, HasSubstr("expected 353976522"));
  EXPECT_THAT(
      fs::directory_iterator(folder_ / "data/igrot/models/openai-vit-b-32"),
      fs::directory_iterator());
}

TEST_F(ModelFetchTest, RefusesAFileThatIsAnother) {
  write(folder_ / "data/igrot/models/openai-vit-b-32/ViT-B-32.pt", "text");
  const auto ran = run({"model", "fetch", "openai-vit-b-32"}, with_mirror());
  EXPECT_EQ(ran.exit_code, 4);
  EXPECT_THAT(ran.err, HasSubstr("remove it"));
  EXPECT_THAT(server_.seen(), IsEmpty());
}

TEST_F(ModelFetchTest, SaysWhatTheServerDoesNotHave) {
  const auto ran = fetch();
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.err, HasSubstr("BGE-VL-base/resolve/main/config.json"));
}

TEST_F(ModelFetchTest, StaysOffTheNetworkWhenTold) {
  serve();
  auto variable = with_mirror();
  variable.variables["HF_HUB_OFFLINE"] = "1";
  for (const auto& ran : {fetch({"--offline"}), fetch({}, variable)}) {
    EXPECT_EQ(ran.exit_code, 3);
    EXPECT_THAT(ran.err, HasSubstr("--offline"));
  }
  EXPECT_THAT(server_.seen(), IsEmpty());
}

TEST_F(ModelFetchTest, TakesWhatHuggingFaceCached) {
  serve();
  struct Place {
    const char* variable;
    fs::path value;
    fs::path cache;
  };
  const std::vector<Place> places{
      {"HF_HUB_CACHE", folder_ / "a", folder_ / "a"},
      {"HF_HOME", folder_ / "b", folder_ / "b/hub"},
      {"XDG_CACHE_HOME", folder_ / "c", folder_ / "c/huggingface/hub"}};
  for (const auto& place : places) {
    const auto snapshot = cache_model(place.cache);
    auto cached = with_mirror();
    cached.variables[place.variable] = place.value;
    const auto ran = fetch({"--offline"}, cached);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_EQ(ran.out, snapshot.string() + "\n");
    EXPECT_EQ(run({"model", "info", "bge-vl-base"}, cached).exit_code, 0);
  }
  EXPECT_THAT(server_.seen(), IsEmpty());
}

TEST_F(ModelFetchTest, CopiesFromTheCacheWhereFilesAreWantedElsewhere) {
  cache_model(folder_ / "cache/huggingface/hub");
  const auto ran = fetch({"--to", "here", "--offline"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(read(folder_ / "here/model.safetensors"), weights_);
  EXPECT_FALSE(fs::is_symlink(folder_ / "here/model.safetensors"));
}

TEST_F(ModelFetchTest, PrefersTheBranchAmongCachedVersions) {
  const auto cache = folder_ / "cache/huggingface/hub";
  cache_model(cache, "111");
  const auto newest = cache_model(cache, "222");
  write(cache / "models--BAAI--BGE-VL-base/refs/main", "222");
  fs::create_directories(cache / "models--BAAI--BGE-VL-base/snapshots/000");
  EXPECT_EQ(fetch({"--offline"}).out, newest.string() + "\n");
}

TEST_F(ModelFetchTest, AsksTheEndpointOfHuggingFace) {
  serve("");
  auto endpoint = options();
  endpoint.variables["HF_ENDPOINT"] = server_.address("/");
  const auto ran = fetch({}, endpoint);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(read(store() / "config.json"), config_);
}

TEST_F(ModelFetchTest, RefusesWhatIsNoMirror) {
  const auto ran = fetch({"--mirror", "/srv/models"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr("--mirror is '/srv/models'"));
}

TEST_F(ModelFetchTest, KnowsItsLimits) {
  const auto by_hand = run({"model", "fetch", "transagg"}, with_mirror());
  EXPECT_EQ(by_hand.exit_code, 5);
  EXPECT_THAT(by_hand.err, HasSubstr("https://drive.google.com/"));
  const auto unknown = run({"model", "fetch", "resnet"}, with_mirror());
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("igrot model list"));
}

TEST_F(ModelFetchTest, IsWhatAVerbAsksForWhereTheModelIsMissing) {
  serve();
  const auto ran =
      run({"index", folder_.path().string(), "--model", "bge-vl-base"},
          with_mirror());
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.err, HasSubstr("igrot model fetch bge-vl-base"));
  EXPECT_THAT(server_.seen(), IsEmpty());
  const auto typo =
      run({"index", folder_.path().string(), "--model", "bge-vl"}, options());
  EXPECT_EQ(typo.exit_code, 3);
  EXPECT_THAT(typo.err, HasSubstr("igrot model list"));
}

TEST_F(ModelFetchTest, MayBeMeantInASettingsFile) {
  serve();
  fetch();
  write(folder_ / "igrot.toml", "model = 'bge-vl-base'\n");
  write(folder_ / "texts", "a dog\n");
  const std::vector<std::string> embed{"embed", "--what", "text", "--texts",
                                       "texts", "--out",  "y.npy"};
  EXPECT_EQ(run(embed, options()).exit_code, 0);
  // A folder of that name beside the file is what is meant, where there is one.
  fs::create_directories(folder_ / "bge-vl-base");
  const auto ran = run(embed, options());
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.err, HasSubstr("a folder without any of"));
}

TEST_F(ModelFetchTest, ShowsInTheList) {
  const auto row = [&] {
    for (const auto& model :
         json::parse(run({"model", "list", "--json"}, options()).out))
      if (model.at("name") == "bge-vl-base") return model;
    return json();
  };
  EXPECT_TRUE(row().at("path").is_null());
  EXPECT_EQ(row().at("licence"), "MIT");
  EXPECT_TRUE(row().at("files").at(1).at("sha256").is_null());
  serve();
  fetch();
  EXPECT_EQ(row().at("path"), store().string());
}

TEST(ModelList, ShowsEveryModelAndAllOfOne) {
  const auto all = run({"model", "list"});
  EXPECT_EQ(all.exit_code, 0);
  for (const auto& model : known_models()) {
    EXPECT_THAT(all.out, HasSubstr(std::string(model.name) + " "));
    const auto one = run({"model", "list", std::string(model.name)});
    EXPECT_THAT(one.out, HasSubstr(std::string(model.page)));
    for (const auto& file : model.files) {
      EXPECT_THAT(one.out, HasSubstr(std::string(file.address)));
      EXPECT_THAT(one.out, HasSubstr(std::string(file.sha256)));
    }
  }
  EXPECT_THAT(all.out, HasSubstr("354 MB"));
  EXPECT_EQ(run({"model", "list", "resnet"}).exit_code, 2);
}

}  // namespace
}  // namespace igrot::app

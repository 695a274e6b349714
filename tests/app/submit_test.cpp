// `igrot submit check`: sound files pass, each kind of mistake is named.
#include <gmock/gmock.h>

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <random>

#include "golden.h"
#include "igrot/error.h"
#include "run.h"
#include "submission.h"
#include "tests/temporary_folder.h"

namespace igrot::app {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAreArray;

using Edit = std::function<void(json&)>;

/// What the reference program would send for the miniature data sets.
json golden_submission(const char* set, const char* name) {
  std::ifstream in(
      golden("datasets/expected/clip_tiny.original.mask_bool.json"));
  return json::parse(in).at("results").at(set).at(name);
}

json cirr_recall() {
  return golden_submission("CIRR", "submission_recall");
}
json cirr_subset() {
  return golden_submission("CIRR", "submission_recall_subset");
}
json circo() {
  return golden_submission("CIRCO", "test_submission");
}

json& first_list(json& file) {
  for (auto& value : file)
    if (value.is_array()) return value;
  throw std::logic_error("no list");
}
std::string first_query(const json& file) {
  for (const auto& [key, value] : file.items())
    if (value.is_array()) return key;
  throw std::logic_error("no list");
}

/// The file with as many queries and names as the server expects.
json whole_cirr(const char* metric, std::size_t names) {
  json file{{"version", "rc2"}, {"metric", metric}};
  for (std::size_t q = 0; q < 4148; ++q) {
    auto list = json::array();
    for (std::size_t i = 0; i < names; ++i)
      list.push_back("test1-" + std::to_string(q + i) + "-0-img1");
    file[std::to_string(12060 + 3 * q)] = std::move(list);
  }
  return file;
}
json whole_circo(std::size_t queries) {
  json file;
  for (std::size_t q = 0; q < queries; ++q) {
    auto list = json::array();
    for (std::size_t i = 0; i < 50; ++i) list.push_back(100 * q + i);
    file[std::to_string(q)] = std::move(list);
  }
  return file;
}

class SubmitCheck : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& text) const {
    std::ofstream(file_, std::ios::binary) << text;
    return file_;
  }
  std::filesystem::path write(const json& file) const {
    return write(file.dump());
  }

  static Findings findings(const std::filesystem::path& file,
                           const SubmissionOptions& options) {
    Findings found;
    check_submission(file, options, found);
    return found;
  }

  static std::vector<std::string> names(const Findings& found) {
    std::vector<std::string> names;
    for (const auto& finding : found.list())
      names.emplace_back(finding.row->name);
    return names;
  }

  /// Faults of the file's text, without a data set.
  std::vector<std::string> of_text(const std::string& text) const {
    return names(findings(write(text), {}));
  }

  /// Faults of a file that was sound before the edit, against its data set.
  std::vector<std::string> of_edit(json file, const char* root,
                                   const Edit& edit) const {
    edit(file);
    SubmissionOptions options;
    options.root = golden("datasets") / root;
    return names(findings(write(file), options));
  }
  std::vector<std::string> of_cirr(const Edit& edit) const {
    return of_edit(cirr_recall(), "CIRR", edit);
  }
  std::vector<std::string> of_circo(const Edit& edit) const {
    return of_edit(circo(), "CIRCO", edit);
  }

 private:
  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "submission.json";
};

TEST_F(SubmitCheck, FindsNothingWrongWithTheReferencesFiles) {
  const auto nothing = [](json&) {};
  EXPECT_THAT(of_cirr(nothing), IsEmpty());
  EXPECT_THAT(of_edit(cirr_subset(), "CIRR", nothing), IsEmpty());
  EXPECT_THAT(of_circo(nothing), IsEmpty());
}

TEST_F(SubmitCheck, FindsNothingWrongWithWholeFilesWithoutADataSet) {
  EXPECT_THAT(of_text(whole_cirr("recall", 50).dump()), IsEmpty());
  EXPECT_THAT(of_text(whole_cirr("recall_subset", 3).dump()), IsEmpty());
  EXPECT_THAT(of_text(whole_circo(800).dump()), IsEmpty());
}

TEST_F(SubmitCheck, NamesWhatIsNoJsonObject) {
  EXPECT_THAT(of_text(""), ElementsAre("empty"));
  EXPECT_THAT(of_text(" \n"), ElementsAre("empty"));
  EXPECT_THAT(of_text("\xef\xbb\xbf{}"), ElementsAre("encoding"));
  EXPECT_THAT(of_text({"\xff\xfe{\0}\0", 6}), ElementsAre("encoding"));
  EXPECT_THAT(of_text(R"({"version": "rc2", "12063": ["test1-1)"),
              ElementsAre("cut_off"));
  EXPECT_THAT(of_text("{'version': 'rc2'}"), ElementsAre("not_json"));
  EXPECT_THAT(of_text("{\"0\": [1, 2,]}"), ElementsAre("not_json"));
  EXPECT_THAT(of_text("{\"0\": [NaN]}"), ElementsAre("not_json"));
  EXPECT_THAT(of_text("{\"0\": [1]}\n{\"1\": [2]}"), ElementsAre("not_json"));
  EXPECT_THAT(of_text(R"({"0": ")"
                      "\xff"
                      R"("})"),
              ElementsAre("not_json"));
  EXPECT_THAT(of_text(std::string(100'000, '[')), ElementsAre("not_json"));
  EXPECT_THAT(of_text("{\"0\": [1e999]}"), ElementsAre("not_json"));
  EXPECT_THAT(of_text("[[\"a\"]]"), ElementsAre("not_an_object"));
  EXPECT_THAT(of_text("7"), ElementsAre("not_an_object"));
  EXPECT_THAT(of_text("{}"), ElementsAre("unknown_format"));
  EXPECT_THAT(of_text(R"({"queries": 3})"), ElementsAre("unknown_format"));
}

TEST_F(SubmitCheck, NamesKeysThatComeTwice) {
  auto text = cirr_recall().dump();
  text.insert(1, "\"metric\": \"recall\", ");
  SubmissionOptions options;
  options.root = golden("datasets/CIRR");
  EXPECT_THAT(names(findings(write(text), options)),
              ElementsAre("repeated_key"));
}

TEST_F(SubmitCheck, NamesFilesThatAreTooLarge) {
  EXPECT_THAT(of_text(whole_cirr("recall", 50).dump(4)),
              ElementsAre("too_large"));
  EXPECT_THAT(of_text(std::string(17 << 20, ' ')), ElementsAre("too_large"));
}

TEST_F(SubmitCheck, NamesWhatIsWrongWithVersionAndMetric) {
  EXPECT_THAT(of_cirr([](json& file) { file.erase("version"); }),
              ElementsAre("no_version"));
  EXPECT_THAT(of_cirr([](json& file) { file["version"] = "rc1"; }),
              ElementsAre("wrong_version"));
  EXPECT_THAT(of_cirr([](json& file) { file["version"] = 2; }),
              ElementsAre("wrong_version"));
  EXPECT_THAT(of_cirr([](json& file) { file.erase("metric"); }),
              ElementsAre("no_metric"));
  EXPECT_THAT(of_cirr([](json& file) { file["metric"] = "Recall@50"; }),
              ElementsAre("wrong_metric"));
  EXPECT_THAT(of_edit(cirr_subset(), "CIRR",
                      [](json& file) { file["metric"] = "recall"; }),
              ElementsAre("other_metric"));
  EXPECT_THAT(of_text(whole_cirr("recall_subset", 50).dump()),
              ElementsAre("other_metric"));
}

TEST_F(SubmitCheck, NamesKeysThatAreNoQueries) {
  EXPECT_THAT(of_cirr([](json& file) { file["model"] = "ours"; }),
              ElementsAre("stray_key"));
  EXPECT_THAT(of_circo([](json& file) { file["version"] = "v1"; }),
              ElementsAre("stray_key"));
  const auto renamed = [](const std::string& before) {
    return [before](json& file) {
      const auto query = first_query(file);
      file[before + query] = file.at(query);
      file.erase(query);
    };
  };
  for (const auto* before : {"pair_", "0", " ", "-"})
    EXPECT_THAT(of_cirr(renamed(before)),
                ElementsAre("not_a_query", "missing_query"))
        << before;
  EXPECT_THAT(of_cirr(renamed("1")),
              ElementsAre("unknown_query", "missing_query"));
}

TEST_F(SubmitCheck, NamesQueriesThatAreMissing) {
  const auto drop = [](json& file) { file.erase(first_query(file)); };
  EXPECT_THAT(of_cirr(drop), ElementsAre("missing_query"));
  EXPECT_THAT(of_circo(drop), ElementsAre("missing_query"));
}

TEST_F(SubmitCheck, CountsQueriesWithoutADataSet) {
  auto few = whole_cirr("recall", 50);
  few.erase(first_query(few));
  EXPECT_THAT(of_text(few.dump()), ElementsAre("too_few_queries"));
  auto many = whole_cirr("recall_subset", 3);
  many["99999"] = {"test1-1-0-img0", "test1-2-0-img0", "test1-3-0-img0"};
  EXPECT_THAT(of_text(many.dump()), ElementsAre("too_many_queries"));
  EXPECT_THAT(of_text(whole_circo(799).dump()),
              ElementsAre("too_few_queries", "missing_query"));
  EXPECT_THAT(of_text(whole_circo(220).dump()), ElementsAre("other_split"));
}

TEST_F(SubmitCheck, NamesCircoKeysThatStartAtOne) {
  json file;
  const auto sound = whole_circo(800);
  for (const auto& [key, list] : sound.items())
    file[std::to_string(std::stoi(key) + 1)] = list;
  EXPECT_THAT(of_text(file.dump()),
              ElementsAre("unknown_query", "missing_query"));
}

TEST_F(SubmitCheck, NamesWhatIsNoList) {
  for (const json& value : {json("test1-1-0-img0"), json(3), json(nullptr),
                            json{{"test1-1-0-img0", 0.5}}})
    EXPECT_THAT(of_cirr([&](json& file) { first_list(file) = value; }),
                UnorderedElementsAreArray({"not_a_list", "missing_query"}));
}

TEST_F(SubmitCheck, CountsNames) {
  EXPECT_THAT(of_cirr([](json& file) { first_list(file) = json::array(); }),
              ElementsAre("no_names"));
  const auto shorter = [](json& file) {
    auto& list = first_list(file);
    list.erase(list.size() - 1);
  };
  EXPECT_THAT(of_cirr(shorter), ElementsAre("too_few_names"));
  EXPECT_THAT(of_circo(shorter), ElementsAre("too_few_names"));
  auto many = whole_circo(800);
  many["3"].push_back(900'000);
  EXPECT_THAT(of_text(many.dump()), ElementsAre("too_many_names"));
}

TEST_F(SubmitCheck, NamesPicturesThatComeTwice) {
  const auto twice = [](json& file) {
    auto& list = first_list(file);
    list[1] = list[0];
  };
  EXPECT_THAT(of_cirr(twice), ElementsAre("repeated_name"));
  EXPECT_THAT(of_circo(twice), ElementsAre("repeated_name"));
}

TEST_F(SubmitCheck, NamesWhatIsNoNameOfCirr) {
  const auto with = [this](const json& value) {
    return of_cirr([&](json& file) { first_list(file)[2] = value; });
  };
  EXPECT_THAT(with({"test1-100-0-img0", 0.9}), ElementsAre("nested_names"));
  EXPECT_THAT(with(17), ElementsAre("number_for_name"));
  EXPECT_THAT(with(nullptr), ElementsAre("number_for_name"));
  EXPECT_THAT(with(""), ElementsAre("blank_name"));
  EXPECT_THAT(with("test1-100-0-img0 "), ElementsAre("blank_name"));
  EXPECT_THAT(with("./test1/test1-100-0-img0.png"),
              ElementsAre("path_for_name"));
  EXPECT_THAT(with("test1-100-0-img0.png"), ElementsAre("path_for_name"));
  EXPECT_THAT(with("dev-100-0-img0"), ElementsAre("other_split"));
  EXPECT_THAT(with("test1_100_0_img0"), ElementsAre("strange_name"));
  EXPECT_THAT(with("test1-100-0-img"), ElementsAre("strange_name"));
  EXPECT_THAT(with("test1-999999-0-img0"), ElementsAre("unknown_picture"));
}

TEST_F(SubmitCheck, NamesWhatIsNoNumberOfCirco) {
  const auto with = [this](const json& value) {
    return of_circo([&](json& file) { first_list(file)[2] = value; });
  };
  EXPECT_THAT(with("9761"), ElementsAre("text_for_number"));
  EXPECT_THAT(with("000000009761.jpg"), ElementsAre("text_for_number"));
  EXPECT_THAT(with(9761.0), ElementsAre("not_whole"));
  EXPECT_THAT(with(-1), ElementsAre("not_whole"));
  EXPECT_THAT(with(true), ElementsAre("not_whole"));
  EXPECT_THAT(with(9'761'000'000), ElementsAre("strange_number"));
  EXPECT_THAT(with(999'999), ElementsAre("unknown_picture"));
  EXPECT_THAT(with({9761}), ElementsAre("nested_names"));
}

TEST_F(SubmitCheck, RecognisesCircoEvenWhereEveryIdIsAText) {
  auto file = whole_circo(800);
  for (auto& list : file)
    for (auto& id : list) id = id.dump();
  EXPECT_THAT(of_text(file.dump()), ElementsAre("text_for_number"));
}

TEST_F(SubmitCheck, NamesTheQuerysOwnPicture) {
  const auto own = [](const char* captions, const char* query,
                      const char* reference) {
    std::ifstream in(golden("datasets") / captions);
    const auto entries = json::parse(in);
    return [=](json& file) {
      const auto& entry = entries.at(3);
      file.at(to_string(entry.at(query)))[4] = entry.at(reference);
    };
  };
  EXPECT_THAT(of_cirr(own("CIRR/cirr/captions/cap.rc2.test1.json", "pairid",
                          "reference")),
              ElementsAre("own_picture"));
  EXPECT_THAT(
      of_circo(own("CIRCO/annotations/test.json", "id", "reference_img_id")),
      ElementsAre("own_picture"));
}

TEST_F(SubmitCheck, NamesPicturesOutsideTheSubset) {
  const auto recall = cirr_recall();
  EXPECT_THAT(of_edit(cirr_subset(), "CIRR",
                      [&](json& file) {
                        // The whole ranking holds pictures of no subset.
                        for (auto& [query, list] : file.items())
                          if (list.is_array())
                            for (std::size_t i = 0; i < 3; ++i)
                              list[i] = recall.at(query)[i];
                      }),
              ElementsAre("outside_subset"));
}

TEST_F(SubmitCheck, NamesListsThatAreAllTheSame) {
  auto file = whole_circo(800);
  for (auto& list : file) list = file["0"];
  EXPECT_THAT(of_text(file.dump()), ElementsAre("same_everywhere"));
}

TEST_F(SubmitCheck, TakesFilesOfValWhereToldSo) {
  const auto val = golden_submission("CIRCO", "val_submission");
  SubmissionOptions options;
  options.split = "val";
  options.root = golden("datasets/CIRCO");
  EXPECT_THAT(names(findings(write(val), options)), IsEmpty());
  options.root.clear();
  EXPECT_THAT(names(findings(write(whole_circo(220)), options)), IsEmpty());
  options.split = "test1";
  EXPECT_THROW(findings(write(val), options), Error);
}

TEST_F(SubmitCheck, EndsInFindingsWhateverTheBytes) {
  const auto sound = cirr_subset().dump();
  for (std::size_t size = 1; size < sound.size(); size += 7)
    EXPECT_THAT(of_text(sound.substr(0, size)), ElementsAre("cut_off"));
  std::mt19937 random(1);
  for (int i = 0; i < 500; ++i) {
    auto text = sound;
    for (int flips = 0; flips < 3; ++flips)
      text[random() % text.size()] ^= static_cast<char>(1 << random() % 8);
    of_text(text);
  }
}

TEST_F(SubmitCheck, SaysWhatIsWrongAndWhatToDo) {
  auto file = cirr_recall();
  const auto query = first_query(file);
  first_list(file)[1] = first_list(file)[0];
  const auto path = write(file).string();
  const auto root = golden("datasets/CIRR").string();
  const auto ran = run({"submit", "check", path, "--root", root});
  EXPECT_EQ(ran.exit_code, 4);
  EXPECT_THAT(ran.out, HasSubstr("problem  query " + query));
  EXPECT_THAT(ran.out, HasSubstr("more than once"));
  EXPECT_THAT(ran.out, HasSubstr("Name every picture once"));
  EXPECT_THAT(ran.err, IsEmpty());
  const auto all =
      json::parse(run({"submit", "check", path, "--root", root, "--json"}).out);
  EXPECT_EQ(all.at("format"), "cirr recall");
  EXPECT_EQ(all.at("queries"), file.size() - 2);
  EXPECT_EQ(all.at("problems").size(), 1U);
  EXPECT_EQ(all.at("problems")[0].at("name"), "repeated_name");
}

TEST_F(SubmitCheck, EndsWellForASoundFile) {
  const auto ran = run({"submit", "check", write(whole_circo(800)).string()});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.out, HasSubstr("sound"));
  EXPECT_THAT(ran.out, HasSubstr("--root"));
}

TEST_F(SubmitCheck, RefusesWhatItIsNotMeantFor) {
  const auto path = write(whole_circo(800)).string();
  EXPECT_EQ(run({"submit", "check", path, "--as", "coco"}).exit_code, 2);
  EXPECT_EQ(run({"submit", "check", path, "--split", "test1"}).exit_code, 2);
  EXPECT_EQ(run({"submit", "check", path + "x"}).exit_code, 3);
  EXPECT_EQ(run({"submit", "check", path, "--root", path}).exit_code, 3);
}

TEST_F(SubmitCheck, ShowsNoControlCharactersOfAFile) {
  auto file = whole_circo(800);
  file["\x1b[2J"] = {1};
  const auto ran = run({"submit", "check", write(file).string()});
  EXPECT_THAT(ran.out, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace igrot::app

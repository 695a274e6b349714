// Data sets of one's own, described by one TOML file.
#include "data/described_set.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/data/sample.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class OwnSet : public testing::Test {
 protected:
  void write(const std::string& name, std::string_view text) {
    write_text(folder_ / name, text);
  }

  void pictures(const std::vector<std::string>& names) {
    for (const auto& name : names) write(name, "picture");
  }

  /// Of a file with this content.
  DescribedSet described(std::string_view toml) {
    write("own.toml", toml);
    return read_description(folder_ / "own.toml");
  }

  RetrievalSet read(std::string_view toml) {
    return read_described_set(described(toml), folder_.path());
  }

  std::string refused(std::string_view toml,
                      ErrorKind kind = ErrorKind::corrupt) {
    return refusal(kind, [&] { read(toml); });
  }

  static std::vector<std::string> named(const RetrievalSet& set,
                                        const SharedRows& rows) {
    std::vector<std::string> names;
    for (const auto row : rows) names.push_back(set.names.at(row));
    return names;
  }

  TemporaryFolder folder_;
};

constexpr std::string_view table_toml = R"([set]
queries = "q.csv"
gallery = "pictures"
)";

TEST_F(OwnSet, AsksTheRowsOfATable) {
  pictures({"pictures/a.jpg", "pictures/deep/b.PNG", "pictures/c.webp",
            "pictures/notes.txt", "pictures/.hidden/d.jpg", "asked/x.jpg"});
  write("q.csv",
        "id,query,text,target,subset\n"
        "7,pictures/a.jpg,\"red, with arms\",deep/b.PNG; pictures/c.webp,"
        "a.jpg;c.webp\n"
        "8,asked/x.jpg,,c.webp,c.webp\n");
  const auto set = read(table_toml);
  EXPECT_EQ(set.split, "own");
  EXPECT_THAT(set.names, ElementsAre("pictures/a.jpg", "pictures/c.webp",
                                     "pictures/deep/b.PNG"));
  EXPECT_EQ(set.gallery.at(0), folder_ / "pictures/a.jpg");
  ASSERT_THAT(set.queries, SizeIs(2));
  const auto& first = set.queries[0];
  EXPECT_EQ(first.id, "7");
  EXPECT_EQ(first.picture, folder_ / "pictures/a.jpg");
  EXPECT_EQ(first.own, 0U);
  EXPECT_THAT(first.words, ElementsAre("red, with arms"));
  EXPECT_THAT(named(set, first.relevant),
              ElementsAre("pictures/deep/b.PNG", "pictures/c.webp"));
  EXPECT_THAT(first.subset, ElementsAre(0, 1));
  EXPECT_EQ(set.queries[1].picture, folder_ / "asked/x.jpg");
  EXPECT_EQ(set.queries[1].own, std::nullopt);
  EXPECT_THAT(set.queries[1].words, ElementsAre(""));
  EXPECT_THAT(set.lists, ElementsAre(folder_ / "own.toml", folder_ / "q.csv"));
}

TEST_F(OwnSet, ReadsCsvJsonAndJsonlAlike) {
  pictures({"pictures/a.jpg", "pictures/b.jpg"});
  write("q.csv", "query,text,target\na.jpg,red,b.jpg\n");
  write("q.json",
        R"([{"query": "a.jpg", "text": "red", "target": ["b.jpg"]}])");
  write("q.jsonl", R"({"query": "a.jpg", "text": ["red"], "target": "b.jpg"})");
  for (const auto* name : {"q.csv", "q.json", "q.jsonl"}) {
    const auto set = read(
        fmt::format("[set]\nqueries = \"{}\"\ngallery = \"pictures\"\n", name));
    ASSERT_THAT(set.queries, SizeIs(1)) << name;
    EXPECT_EQ(set.queries[0].picture, folder_ / "pictures/a.jpg") << name;
    EXPECT_THAT(set.queries[0].words, ElementsAre("red")) << name;
    EXPECT_THAT(named(set, set.queries[0].relevant),
                ElementsAre("pictures/b.jpg"))
        << name;
  }
}

TEST_F(OwnSet, TakesColumnsByTheirNamesAndPicturesByAPattern) {
  write("q.jsonl", R"({"ref": 7, "said": {"one": "a", "two": "b; c"}, )"
                   R"("right": {"ids": [8, "9"]}, "about": "colour"})");
  const auto set = read(R"([set]
name = "numbers"
queries = "q.jsonl"
pictures = "images/no{}.jpg"
convert = "first"
[columns]
query = "ref"
text = ["said.one", "said.two"]
target = "right.ids"
kind = "about"
)");
  EXPECT_EQ(set.split, "numbers");
  EXPECT_EQ(set.recipe.convert, Convert::first);
  // Without a gallery it is what the questions name.
  EXPECT_THAT(set.names, ElementsAre("images/no7.jpg", "images/no8.jpg",
                                     "images/no9.jpg"));
  EXPECT_THAT(set.queries.at(0).words, ElementsAre("a", "b; c"));
  EXPECT_THAT(set.queries[0].relevant, ElementsAre(1, 2));
  EXPECT_THAT(set.queries[0].kinds, ElementsAre("colour"));
}

TEST_F(OwnSet, TakesItsGalleryFromAPatternATableOrALines) {
  pictures({"g/a.jpg", "g/b.png", "g/deep/c.jpg", "other/d.jpg"});
  write("q.csv", "query,text,target\ng/a.jpg,x,g/a.jpg\n");
  write("g.csv", "picture\ng/b.png\ng/a.jpg\ng/b.png\n");
  write("g.txt", "g/deep/c.jpg\r\n\r\ng/a.jpg\n");
  const auto names = [&](const char* gallery) {
    return read(fmt::format("[set]\nqueries = \"q.csv\"\ngallery = \"{}\"\n",
                            gallery))
        .names;
  };
  EXPECT_THAT(names("g/*.jpg"), ElementsAre("g/a.jpg"));
  EXPECT_THAT(names("*/[a-b].*"), ElementsAre("g/a.jpg", "g/b.png"));
  EXPECT_THAT(names("g.csv"), ElementsAre("g/b.png", "g/a.jpg"));
  EXPECT_THAT(names("g.txt"), ElementsAre("g/deep/c.jpg", "g/a.jpg"));
}

TEST_F(OwnSet, AsksFoldersOfClasses) {
  pictures({"sketches/cat/1.png", "sketches/dog/2.png", "sketches/owl/3.png",
            "photos/cat/a.jpg", "photos/cat/b.jpg", "photos/dog/c.jpg"});
  constexpr std::string_view toml = R"([set]
kind = "classes"
queries = "sketches"
gallery = "photos"
prompt = "a real image of sketch"
)";
  const auto set = read(toml);
  ASSERT_THAT(set.queries, SizeIs(3));
  EXPECT_EQ(set.queries[0].picture, folder_ / "sketches/cat/1.png");
  EXPECT_THAT(set.queries[0].relevant, ElementsAre(0, 1));
  EXPECT_THAT(set.queries[0].words, ElementsAre("cat"));
  EXPECT_THAT(set.queries[1].relevant, ElementsAre(2));
  EXPECT_THAT(set.queries[2].relevant, IsEmpty());
  const auto some = read(std::string(toml) + "classes = [\"dog\"]\n");
  EXPECT_THAT(some.queries, SizeIs(1));
  EXPECT_THAT(some.gallery, ElementsAre(folder_ / "photos/dog/c.jpg"));
  EXPECT_THAT(refused(std::string(toml) + "classes = [\"owl\"]\n",
                      ErrorKind::not_found),
              EndsWith("photos: no picture of the class 'owl'"));
}

TEST_F(OwnSet, AsksListsOfClassesAndKnowsAPictureAgain) {
  pictures({"p/a.jpg", "p/b.jpg", "p/c.jpg"});
  write("all.txt", "p/a.jpg 1\np/b.jpg 1\np/c.jpg 2\n");
  const auto set = read(R"([set]
kind = "classes"
queries = "all.txt"
gallery = "all.txt"
)");
  ASSERT_THAT(set.queries, SizeIs(3));
  EXPECT_EQ(set.queries[1].own, 1U);
  EXPECT_THAT(set.queries[1].relevant, ElementsAre(0, 1));
  EXPECT_THAT(set.queries[2].relevant, ElementsAre(2));
  EXPECT_THAT(set.lists, testing::Contains(folder_ / "all.txt"));
}

TEST_F(OwnSet, StaysBelowItsRoot) {
  pictures({"pictures/a.jpg"});
  const auto with = [&](std::string_view row) {
    write("q.csv", "query,text,target\n" + std::string(row) + "\n");
    return refused(table_toml);
  };
  EXPECT_THAT(with("../x.jpg,t,a.jpg"),
              HasSubstr("q.csv: line 2: '../x.jpg' is no path inside "));
  EXPECT_THAT(with("a.jpg,t,/etc/passwd"), HasSubstr("is no path inside "));
  EXPECT_THAT(with("a.jpg,t,a/../../x"), HasSubstr("is no path inside "));
  EXPECT_THAT(refused("[set]\nqueries = \"../q.csv\"\n", ErrorKind::usage),
              EndsWith("'queries' is '../q.csv', which is no path inside the "
                       "root"));
  write("out.txt", "../x.jpg 1\n");
  EXPECT_THAT(refused("[set]\nkind = \"classes\"\nqueries = \"out.txt\"\n"
                      "gallery = \"out.txt\"\n"),
              HasSubstr("is no path inside "));
}

TEST_F(OwnSet, TellsWhatIsWrongWithATable) {
  pictures({"pictures/a.jpg"});
  const auto with = [&](std::string_view table) {
    write("q.csv", table);
    return refused(table_toml);
  };
  EXPECT_THAT(with("query,text,target\na.jpg,x,b.jpg\n"),
              EndsWith("q.csv: line 2: target 'b.jpg' is not in the gallery"));
  EXPECT_THAT(with("query,text,target\na.jpg,x,;\n"),
              EndsWith("line 2: 'target' names nothing"));
  EXPECT_THAT(with("query;text;target\na.jpg;x;a.jpg\n"),
              EndsWith("line 2: there is no column 'target'; there are: "
                       "query;text;target"));
  write("q.csv", "query,text,target\n");
  EXPECT_THAT(refused(table_toml, ErrorKind::not_found),
              EndsWith("own.toml: it asks no question"));
  EXPECT_THAT(refused("[set]\nqueries = \"q.csv\"\ngallery = \"nowhere\"\n",
                      ErrorKind::not_found),
              EndsWith("nowhere: no such folder"));
  EXPECT_THAT(refused("[set]\nqueries = \"q.xls\"\n", ErrorKind::usage),
              EndsWith("q.xls: no table: .csv, .tsv, .json or .jsonl"));
}

TEST_F(OwnSet, TellsWhatIsWrongWithItsDescription) {
  const auto wrong = [&](std::string_view toml) {
    return refusal(ErrorKind::usage, [&] { described(toml); });
  };
  EXPECT_THAT(wrong("[set]\nqueries = \n"), HasSubstr("own.toml: line 2: "));
  EXPECT_THAT(wrong("[sets]\n"), HasSubstr("line 1: there is no section "
                                           "'sets'"));
  EXPECT_THAT(wrong("[set]\nqueries = \"q.csv\"\nlower_case = 1\n"),
              EndsWith("line 3: 'lower_case' is not true or false"));
  EXPECT_THAT(wrong("[set]\nquery = \"q.csv\"\n"),
              HasSubstr("line 2: [set] has no key 'query'; it has classes, "));
  EXPECT_THAT(wrong("[set]\nkind = \"triplets\"\n"),
              EndsWith("'kind' is not composed or classes"));
  EXPECT_THAT(wrong("[set]\nqueries = \"q.csv\"\nunion_share = -1\n"),
              EndsWith("'union_share' is not a number from 0 on"));
  EXPECT_THAT(wrong(""), HasSubstr("has no 'queries'"));
  EXPECT_THAT(wrong("[set]\nname = \"a/b\"\nqueries = \"q.csv\"\n"),
              HasSubstr("the set's name is 'a/b'"));
  EXPECT_THAT(wrong("[set]\nqueries = \"q.csv\"\npictures = \"x\"\n"),
              HasSubstr("without {} for the name"));
  EXPECT_THAT(refusal(ErrorKind::not_found,
                      [&] { read_description(folder_ / "none.toml"); }),
              HasSubstr("none.toml"));
}

TEST_F(OwnSet, EndsInASetOrAnErrorWhateverItsFilesHold) {
  pictures({"pictures/a.jpg", "pictures/b.jpg"});
  const std::map<std::string, std::string> sound{
      {"own.toml", std::string(table_toml) + "[columns]\ntext = [\"text\"]\n"},
      {"q.csv", "query,text,target\na.jpg,\"x, \"\"y\"\"\",a.jpg;b.jpg\n"}};
  for (const auto& [name, content] : sound) write(name, content);
  std::size_t refused = 0;
  const auto damage = [&](const std::string& name, const std::string& content) {
    write(name, content);
    try {
      const auto set = read_described_set(
          read_description(folder_ / "own.toml"), folder_.path());
      for (const auto& query : set.queries)
        for (const auto row : query.relevant)
          EXPECT_LT(row, set.gallery.size());
    } catch (const Error&) {
      ++refused;
    }
  };
  for (const auto& [name, content] : sound) {
    for (std::size_t size = 0; size < content.size(); ++size)
      damage(name, content.substr(0, size));
    for (std::size_t i = 0; i < content.size(); ++i)
      for (const unsigned bit : {0U, 3U, 5U, 7U}) {
        auto flipped = content;
        flipped[i] = static_cast<char>(static_cast<unsigned char>(flipped[i]) ^
                                       (1U << bit));
        damage(name, flipped);
      }
    write(name, content);
  }
  EXPECT_GT(refused, 100U);
  EXPECT_THAT(read(sound.at("own.toml")).queries, SizeIs(1));
}

TEST_F(OwnSet, HasTheDefaultsOfItsKind) {
  const auto composed = described("[set]\nqueries = \"q.csv\"\n");
  EXPECT_EQ(composed.prompt, "{}");
  EXPECT_TRUE(composed.removes_own);
  const auto classes = described(
      "[set]\nkind = \"classes\"\nqueries = \"s\"\ngallery = \"p\"\n"
      "reference = \"kept\"\nunion_share = 0.1\n");
  EXPECT_EQ(classes.prompt, "");
  EXPECT_FALSE(classes.removes_own);
  EXPECT_DOUBLE_EQ(classes.union_share, 0.1);
}

}  // namespace
}  // namespace igrot

// Galleries whose bytes are not what igrot wrote.
#include <fstream>

#include "gallery/database.h"
#include "tests/gallery/sample.h"

namespace igrot {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Damage : public testing::Test {
 protected:
  Damage() {
    auto gallery = Gallery::create_or_open(place_, sample_model());
    for (unsigned i = 1; i <= 20; ++i)
      append_sample(gallery, folder_ / std::to_string(i), i);
    append_sample(gallery, folder_ / "3", 30);
    const auto bad = skipped_item(folder_ / "bad", 40,
                                  {ErrorKind::corrupt, "not a picture"});
    gallery.append({&bad, 1});
  }

  /// Everything a reader and a writer may do.
  void use() {
    {
      const auto gallery = Gallery::open(place_, Access::read);
      search_sample(gallery, 3);
      gallery.items(0, 100);
      gallery.snapshot().each(ItemKind::all, [](const auto&, auto) {});
      gallery.check();
    }
    auto gallery = Gallery::open(place_, Access::write);
    append_sample(gallery, folder_ / "5", 50);
    auto scan = gallery.begin_scan();
    scan.see({folder_ / "new", 1007, 5});
    scan.walked(folder_.path());
    scan.finish([](const auto&) { return "hash-7"; });
    scan.next(100);
    gallery.compact();
  }

  void flip(const std::filesystem::path& file, std::size_t offset,
            char mask = '\x40') {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(offset));
    const auto old = static_cast<char>(stream.get());
    stream.seekp(static_cast<std::streamoff>(offset));
    stream.put(static_cast<char>(old ^ mask));
  }

  void run_sql(const char* sql) {
    Database(place_ / "gallery.sqlite", Database::Mode::write).run(sql);
  }

  /// Makes the state row valid again after an edit.
  void seal_state() {
    run_sql(
        "UPDATE gallery SET checksum = igrot_checksum(revision, generation,"
        " rows, next_id, levels_up, width, fingerprint, model_path,"
        " model_sha256, description)");
  }

  Error error_of_opening(Access access = Access::read) {
    return error_of([&] { Gallery::open(place_, access); });
  }

  TemporaryFolder folder_;
  std::filesystem::path place_ = folder_ / "g";
};

TEST_F(Damage, IsAbsentToStartWith) {
  EXPECT_THAT(Gallery::open(place_, Access::read).check().problems, IsEmpty());
  use();
  EXPECT_THAT(Gallery::open(place_, Access::read).check().problems, IsEmpty());
}

TEST_F(Damage, NamesAVectorsFileThatIsTooShort) {
  for (const std::uintmax_t size : {671U, 13U, 0U}) {
    std::filesystem::resize_file(place_ / "vectors.bin", size);
    for (const auto access : {Access::read, Access::write}) {
      const auto error = error_of_opening(access);
      EXPECT_EQ(error.kind(), ErrorKind::corrupt);
      EXPECT_THAT(error.what(), HasSubstr("vectors.bin"));
    }
  }
}

TEST_F(Damage, NamesAVectorsFileThatIsMissing) {
  std::filesystem::remove(place_ / "vectors.bin");
  const auto error = error_of_opening();
  EXPECT_EQ(error.kind(), ErrorKind::corrupt);
  EXPECT_THAT(error.what(), HasSubstr("vectors.bin"));
}

TEST_F(Damage, IsFoundInEveryByteOfTheVectors) {
  const auto file = place_ / "vectors.bin";
  for (std::size_t at = 0; at < std::filesystem::file_size(file); at += 5) {
    flip(file, at, '\x01');
    EXPECT_THAT(Gallery::open(place_, Access::read).check().problems,
                Not(IsEmpty()))
        << "byte " << at;
    flip(file, at, '\x01');
  }
}

TEST_F(Damage, IsNotCarriedAlongByCompacting) {
  flip(place_ / "vectors.bin", 100);
  auto gallery = Gallery::open(place_, Access::write);
  const auto error = error_of([&] { gallery.compact(); });
  EXPECT_EQ(error.kind(), ErrorKind::corrupt);
  EXPECT_THAT(error.what(), HasSubstr("vectors.bin"));
  EXPECT_FALSE(std::filesystem::exists(place_ / "vectors.1.bin"));
}

TEST_F(Damage, OfTheDatabaseEndsInAnError) {
  const auto file = place_ / "gallery.sqlite";
  const auto size = std::filesystem::file_size(file);
  const TemporaryFolder whole;
  std::filesystem::copy(place_, whole / "g");
  std::size_t errors = 0;
  for (std::size_t at = 0; at < size; at += 251) {
    flip(file, at, static_cast<char>(1 << at % 8));
    try {
      use();
    } catch (const Error& error) {
      ++errors;
      EXPECT_NE(error.kind(), ErrorKind::usage) << error.what();
    }
    std::filesystem::remove_all(place_);
    std::filesystem::copy(whole / "g", place_);
  }
  EXPECT_GT(errors, 5U);
}

TEST_F(Damage, OfATruncatedDatabaseEndsInAnError) {
  const auto file = place_ / "gallery.sqlite";
  for (auto size = std::filesystem::file_size(file); size > 700; size -= 700) {
    std::filesystem::resize_file(file, size - 700);
    EXPECT_THROW(use(), Error) << size;
  }
}

TEST_F(Damage, OfAnItemIsFound) {
  run_sql("UPDATE items SET path = 'elsewhere' WHERE id = 7");
  const auto gallery = Gallery::open(place_, Access::read);
  EXPECT_EQ(error_of([&] { gallery.item(7); }).kind(), ErrorKind::corrupt);
  ASSERT_EQ(gallery.check().problems.size(), 1U);
  EXPECT_THAT(gallery.check().problems[0], HasSubstr("item 7"));
}

TEST_F(Damage, OfWhatIsDeclaredEndsInAnError) {
  for (const auto* change :
       {"DROP TABLE dead; CREATE VIEW dead AS WITH RECURSIVE n(row) AS"
        " (SELECT 1 UNION ALL SELECT row + 1 FROM n) SELECT row FROM n",
        "ALTER TABLE items ADD COLUMN more AS (hex(zeroblob(1000)))",
        "CREATE TRIGGER t AFTER UPDATE ON gallery BEGIN"
        " DELETE FROM items; END",
        "CREATE TABLE other(a)", "DROP INDEX skipped_items"}) {
    const TemporaryFolder whole;
    std::filesystem::copy(place_, whole / "g");
    run_sql(change);
    const auto error = error_of([&] { use(); });
    EXPECT_EQ(error.kind(), ErrorKind::corrupt) << change;
    EXPECT_THAT(error.what(), HasSubstr("not those of a gallery")) << change;
    std::filesystem::remove_all(place_);
    std::filesystem::copy(whole / "g", place_);
  }
}

TEST_F(Damage, OfTheModelIsFound) {
  run_sql("UPDATE gallery SET fingerprint = 'model-b'");
  const auto error = error_of_opening();
  EXPECT_EQ(error.kind(), ErrorKind::corrupt);
  EXPECT_THAT(error.what(), HasSubstr("gallery.sqlite"));
}

TEST_F(Damage, OfNumbersOutOfRangeEndsInAnError) {
  for (const auto* change :
       {"width = 4611686018427387904", "width = 65537", "width = 0",
        "width = -8", "rows = 4611686018427387904", "rows = -1",
        "rows = 1000000000000", "rows = 'many'", "generation = -1",
        "generation = 999", "next_id = 0", "levels_up = 1000000000"}) {
    const auto sql = std::string("UPDATE gallery SET ") + change;
    const TemporaryFolder whole;
    std::filesystem::copy(place_, whole / "g");
    run_sql(sql.c_str());
    seal_state();
    EXPECT_EQ(error_of([&] { use(); }).kind(), ErrorKind::corrupt) << change;
    std::filesystem::remove_all(place_);
    std::filesystem::copy(whole / "g", place_);
  }
}

TEST_F(Damage, OfTablesIsFound) {
  for (const auto* change :
       {"DELETE FROM blocks WHERE first_row = 4",
        "UPDATE blocks SET rows = 9223372036854775807 WHERE first_row = 4",
        "INSERT INTO dead VALUES(1)", "DELETE FROM dead",
        "DELETE FROM items WHERE id = 2"}) {
    const TemporaryFolder whole;
    std::filesystem::copy(place_, whole / "g");
    run_sql(change);
    EXPECT_THAT(Gallery::open(place_, Access::read).check().problems,
                Not(IsEmpty()))
        << change;
    std::filesystem::remove_all(place_);
    std::filesystem::copy(whole / "g", place_);
  }
}

TEST_F(Damage, OfDeadRowsOutOfRangeEndsInAnError) {
  run_sql("INSERT INTO dead VALUES(4611686018427387904), (-5)");
  EXPECT_EQ(error_of_opening().kind(), ErrorKind::corrupt);
}

TEST_F(Damage, NamesADatabaseOfANewerFormat) {
  run_sql("PRAGMA user_version = 2");
  for (const auto access : {Access::read, Access::write}) {
    const auto error = error_of_opening(access);
    EXPECT_EQ(error.kind(), ErrorKind::unsupported);
    EXPECT_THAT(error.what(), HasSubstr("gallery.sqlite"));
    EXPECT_THAT(error.what(), HasSubstr("format 2"));
  }
}

TEST(ForeignDatabase, IsRefusedAndLeftAsItWas) {
  const TemporaryFolder folder;
  const auto file = folder / "gallery.sqlite";
  Database(file, Database::Mode::create)
      .run("CREATE TABLE bookmarks(x); INSERT INTO bookmarks VALUES(1)");
  std::ifstream before(file, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(before), {});
  for (int i = 0; i < 2; ++i) {
    const auto error = error_of([&] {
      if (i == 0) Gallery::open(folder.path(), Access::read);
      Gallery::create_or_open(folder.path(), sample_model());
    });
    EXPECT_EQ(error.kind(), ErrorKind::corrupt);
    EXPECT_THAT(error.what(), HasSubstr("gallery.sqlite"));
  }
  std::ifstream after(file, std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(after), {}), bytes);
}

TEST(ForeignDatabase, MayBeNoDatabaseAtAll) {
  const TemporaryFolder folder;
  for (const auto* content :
       {"hello, this is text, and not a database at all", "SQLite format 3"}) {
    std::ofstream(folder / "gallery.sqlite") << content;
    const auto error =
        error_of([&] { Gallery::open(folder.path(), Access::read); });
    EXPECT_EQ(error.kind(), ErrorKind::corrupt);
    EXPECT_THAT(error.what(), HasSubstr("gallery.sqlite"));
  }
}

}  // namespace
}  // namespace igrot

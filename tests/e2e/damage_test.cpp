// Bytes of the store and of the catalogue that are not what was written.
#include <algorithm>

#include "e2e/fixture.hpp"

namespace quemsi::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Damage : public EndToEnd {
 protected:
  void SetUp() override {
    set_up_shop();
    user.quemsi({"snapshot", "good", "-m", "the one to bring back"});
    good_ = dump(db);
    sqlite(db, "DELETE FROM orders; DROP VIEW spenders;");
    user.quemsi({"snapshot", "later"});
    live_ = dump(db);
    user.settle();
  }

  std::vector<std::filesystem::path> files_in(const std::string& folder) const {
    std::vector<std::filesystem::path> files;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(user.state_dir() / folder)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
  }

  /// A pack that "good" needs.
  std::filesystem::path pack_of_good() const {
    const std::string name =
        sqlite(user.state_dir() / "catalogue.db",
               "SELECT pack FROM image_pack JOIN image ON image_pack.image = image.id JOIN tag ON "
               "tag.snapshot = image.snapshot WHERE tag.name = 'good' LIMIT 1;");
    return user.state_dir() / "packs" / name.substr(0, name.size() - 1);
  }

  void drop_parked_copies() {
    for (const auto& file : files_in("parked")) std::filesystem::remove(file);
  }

  Json fsck(int exit_code, Words more = {}) {
    more.insert(more.begin(), {"fsck", "--json"});
    const CommandResult result = user.try_quemsi(more);
    EXPECT_EQ(result.exit_code, exit_code) << result;
    return Json::parse(result.out);
  }

  void expect_found() { EXPECT_THAT(fsck(1).at("findings"), Not(IsEmpty())); }

  void expect_good_comes_back() {
    user.quemsi({"restore", "good", "--yes"});
    EXPECT_EQ(dump(db), good_);
    EXPECT_EQ(user.json({"show", "good"}).at("description"), "the one to bring back");
  }

  void damage_catalogue(const std::string& text) {
    for (const char* suffix : {"-wal", "-shm", "-journal"}) {
      std::filesystem::remove(user.state_dir() / (std::string("catalogue.db") + suffix));
    }
    write_file(user.state_dir() / "catalogue.db", text);
  }

  std::string good_;
  std::string live_;
};

TEST_F(Damage, AFlippedByteAnywhereInAPackIsFoundAndMendedFromTheParkedCopy) {
  for (const std::int64_t offset : {std::int64_t{0}, std::int64_t{40}, std::int64_t{-1}}) {
    flip_byte(pack_of_good(), offset);
    expect_found();
    fsck(0, {"--repair"});
    user.settle();
    EXPECT_TRUE(user.json({"show", "good"}).at("databases").at(0).at("sealed"));
    EXPECT_THAT(fsck(0).at("findings"), IsEmpty());
  }
  EXPECT_THAT(files_in("damaged"), Not(IsEmpty()));
  drop_parked_copies();
  fsck(0, {"--repair"});
  expect_good_comes_back();
}

TEST_F(Damage, ACutPackIsFound) {
  cut_to(pack_of_good(), std::filesystem::file_size(pack_of_good()) / 2);
  expect_found();
}

TEST_F(Damage, AMissingPackIsFoundAndMendedFromTheParkedCopy) {
  std::filesystem::remove(pack_of_good());
  expect_found();
  fsck(0, {"--repair"});
  user.settle();
  drop_parked_copies();
  fsck(0, {"--repair"});
  expect_good_comes_back();
}

TEST_F(Damage, ADamagedSnapshotIsNeverRestoredHalf) {
  drop_parked_copies();
  user.quemsi({"fsck", "--repair"});
  flip_byte(pack_of_good(), 40);
  const CommandResult result = user.try_quemsi({"restore", "good", "--yes"});
  EXPECT_EQ(result.exit_code, 128) << result;
  EXPECT_THAT(result.err, HasSubstr("damaged"));
  EXPECT_EQ(dump(db), live_);
  EXPECT_THAT(fsck(1).dump(), HasSubstr(std::string(user.json({"show", "good"}).at("id"))));
}

TEST_F(Damage, AMissingParkedCopyIsFoundAndDoesNotMatter) {
  drop_parked_copies();
  expect_found();
  fsck(0, {"--repair"});
  expect_good_comes_back();
}

TEST_F(Damage, AMissingParkedCopyDoesNotStopARestoreOrASwitch) {
  user.git({"switch", "-q", "-c", "side"});
  sqlite(db, "CREATE TABLE side(x);");
  user.git({"switch", "-q", "main"});
  user.settle();
  drop_parked_copies();
  expect_good_comes_back();
}

TEST_F(Damage, AnUnknownParkedCopyBecomesASnapshot) {
  const auto parked = files_in("parked");
  ASSERT_THAT(parked, Not(IsEmpty()));
  const auto stray = parked.front().parent_path() / "quemsi_zzzzzzzzzzzzzzzz";
  sqlite(stray, "CREATE TABLE only_here(x);");
  expect_found();
  fsck(0, {"--repair"});
  user.settle();
  const Json imported = user.json({"list", "--kind", "imported"}).at("snapshots");
  ASSERT_EQ(imported.size(), 1U);
  user.quemsi({"restore", std::string(imported.at(0).at("id")), "--to", "copy.db"});
  EXPECT_THAT(dump(user.top() / "copy.db"), HasSubstr("only_here"));
}

TEST_F(Damage, APackThatIsNotInTheIndexIsFoundAndTakenUp) {
  sqlite(user.state_dir() / "catalogue.db",
         "PRAGMA foreign_keys = ON; DELETE FROM pack WHERE name = '" +
             pack_of_good().filename().string() + "';");
  expect_found();
  fsck(0, {"--repair"});
  drop_parked_copies();
  fsck(0, {"--repair"});
  expect_good_comes_back();
}

TEST_F(Damage, ACatalogueThatIsNoneIsRebuiltFromThePacks) {
  damage_catalogue(std::string(20000, 'x'));
  const CommandResult list = user.try_quemsi({"list"});
  EXPECT_EQ(list.exit_code, 128) << list;
  EXPECT_THAT(list.err, HasSubstr("git quemsi fsck"));
  expect_found();
  fsck(0, {"--repair"});
  user.settle();
  EXPECT_EQ(dump(db), live_);
  expect_good_comes_back();
  fsck(0);
}

TEST_F(Damage, ACatalogueWithAFlippedByteInATableIsFound) {
  const auto catalogue = user.state_dir() / "catalogue.db";
  sqlite(catalogue, "PRAGMA wal_checkpoint(TRUNCATE);");
  flip_byte(catalogue, 0);
  expect_found();
  fsck(0, {"--repair"});
  expect_good_comes_back();
}

TEST_F(Damage, ACutCatalogueIsRebuilt) {
  const auto catalogue = user.state_dir() / "catalogue.db";
  sqlite(catalogue, "PRAGMA wal_checkpoint(TRUNCATE);");
  cut_to(catalogue, 4096);
  expect_found();
  fsck(0, {"--repair"});
  expect_good_comes_back();
}

TEST_F(Damage, AMissingCatalogueIsRebuilt) {
  for (const char* name : {"catalogue.db", "catalogue.db-wal", "catalogue.db-shm"}) {
    std::filesystem::remove(user.state_dir() / name);
  }
  EXPECT_EQ(user.run({"git", "switch", "-q", "-c", "side"}).exit_code, 0);
  // Nothing makes a new one in its place.
  for (const Words& words : {Words{"list"}, Words{"init", "--yes"}, Words{"install"}}) {
    EXPECT_THAT(user.try_quemsi(words).err, HasSubstr("fsck --repair")) << words[0];
  }
  EXPECT_THAT(user.quemsi({"status"}), HasSubstr("fsck --repair"));
  // A negative answer: there was damage.
  EXPECT_LE(user.try_quemsi({"fsck", "--repair"}).exit_code, 1);
  user.settle();
  EXPECT_EQ(dump(db), live_);
  expect_good_comes_back();
}

TEST_F(Damage, AfterARebuildEveryBranchHasItsState) {
  user.git({"switch", "-q", "-c", "side"});
  sqlite(db, "CREATE TABLE side(x);");
  const std::string side = dump(db);
  user.git({"switch", "-q", "main"});
  user.settle();
  damage_catalogue("nothing of use");
  fsck(0, {"--repair"});
  user.settle();
  EXPECT_EQ(dump(db), live_);
  user.git({"switch", "-q", "side"});
  EXPECT_EQ(dump(db), side);
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), live_);
}

TEST_F(Damage, ACatalogueOfANewerReleaseIsRefusedAndLeftAsItIs) {
  const auto catalogue = user.state_dir() / "catalogue.db";
  sqlite(catalogue, "PRAGMA user_version = 9999;");
  const CommandResult result = user.try_quemsi({"list"});
  EXPECT_EQ(result.exit_code, 128) << result;
  EXPECT_THAT(result.err, HasSubstr("9999"));
  EXPECT_EQ(user.try_quemsi({"fsck", "--repair"}).exit_code, 128);
  EXPECT_EQ(sqlite(catalogue, "PRAGMA user_version;"), "9999\n");
}

}  // namespace
}  // namespace quemsi::test

// Names as people choose them.
#include "e2e/fixture.hpp"

namespace quemsi::test {
namespace {

using testing::HasSubstr;

std::string repeated(const std::string& text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

class BranchName : public EndToEnd, public testing::WithParamInterface<std::string> {};

TEST_P(BranchName, KeepsItsState) {
  set_up_shop();
  const std::string main = dump(db);
  const std::string& name = GetParam();
  user.git({"switch", "-q", "-c", name});
  sqlite(db, "DELETE FROM orders;");
  const std::string state = dump(db);
  user.quemsi({"snapshot", "on it"});
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), main);
  user.git({"switch", "-q", name});
  EXPECT_EQ(dump(db), state);
  EXPECT_EQ(branch_of("on it"), name);
  EXPECT_EQ(user.json({"list", "--branch", name, "-n", "1"}).at("snapshots").size(), 1U);
  EXPECT_EQ(user.json({"status"}).at("branch"), name);
}

INSTANTIATE_TEST_SUITE_P(Odd, BranchName,
                         testing::Values("a/b/c", "a__b", "quo'te", "dou\"ble", "日本語/ключ",
                                         "semi;colon$(id)`id`", "dot.ted", "100%", "{curly}", "x#y",
                                         repeated("long/", 40) + "end"));

class NotUtf8 : public EndToEnd {};

TEST_F(NotUtf8, BranchAndAuthorAreKeptAsTheyAre) {
  const std::string latin = "caf\xe9";
  user.git({"config", "user.name", "Ren\xe9"});
  set_up_shop();
  const std::string main = dump(db);
  user.git({"switch", "-q", "-c", latin});
  sqlite(db, "DELETE FROM orders;");
  const std::string state = dump(db);
  user.quemsi({"snapshot", "on it"});
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), main);
  user.git({"switch", "-q", latin});
  EXPECT_EQ(dump(db), state);
  user.settle();
  EXPECT_EQ(user.json({"list", "--branch", latin, "-n", "1"}).at("snapshots").size(), 1U);
  // What scripts read is UTF-8 whatever comes.
  EXPECT_EQ(branch_of("on it"), "caf\xef\xbf\xbd");
  EXPECT_EQ(user.json({"status"}).at("warnings"), Json::array());
  EXPECT_EQ(user.json({"fsck"}).at("findings"), Json::array());
  user.quemsi({"undo", "--yes"});
  EXPECT_EQ(dump(db), main);
}

class TagName : public EndToEnd, public testing::WithParamInterface<std::string> {};

TEST_P(TagName, NamesItsSnapshotEverywhere) {
  set_up_shop();
  const std::string& name = GetParam();
  const std::string before = dump(db);
  const Json made = user.json({"snapshot", name, "-m", name + "\nsecond line: \"'`$;\\ ✓"});
  sqlite(db, "DELETE FROM orders;");
  EXPECT_EQ(user.json({"show", name}).at("id"), made.at("id"));
  EXPECT_EQ(user.json({"show", name}).at("description"), made.at("description"));
  EXPECT_THAT(user.quemsi({"list"}), HasSubstr(name));
  user.quemsi({"restore", "--yes", name});
  EXPECT_EQ(dump(db), before);
  user.quemsi({"delete", "--yes", name});
}

INSTANTIATE_TEST_SUITE_P(Odd, TagName,
                         testing::Values("with blanks in it", "quo'te", "dou\"ble", "a;b|c&d",
                                         "日本語", "naïve ✓", "$(rm -rf .)", "../../etc",
                                         "100% sure", repeated("x", 200), repeated("é", 200)));

TEST(BadTag, IsRefusedWithAReason) {
  Sandbox user({.bin_dir = QUEMSI_BIN_DIR});
  sqlite(user.top() / "app.db", shop_schema);
  user.quemsi({"init", "--yes"});
  const std::size_t before = user.json({"list"}).at("snapshots").size();
  for (const std::string& tag :
       {std::string(), std::string("a\nb"), std::string("latest"), repeated("x", 201),
        std::string("\x1b[31mred"), std::string("klmnopqrstuvwxyz")}) {
    const CommandResult result = user.try_quemsi({"snapshot", "--tag", tag});
    EXPECT_EQ(result.exit_code, 128) << tag << result;
    EXPECT_EQ(result.err.find('\x1b'), std::string::npos);
  }
  EXPECT_EQ(user.json({"list"}).at("snapshots").size(), before);
}

struct DatabaseNames {
  std::string name;  ///< as YAML writes it
  std::string file;
};

class DatabaseName : public EndToEnd, public testing::WithParamInterface<DatabaseNames> {};

TEST_P(DatabaseName, FollowsTheBranch) {
  const auto file = user.top() / GetParam().file;
  std::filesystem::create_directories(file.parent_path());
  sqlite(file, shop_schema);
  const Json url = "sqlite:" + GetParam().file;
  write_file(user.top() / ".quemsi.yml",
             "databases:\n  " + Json(GetParam().name).dump() + ": " + url.dump() + "\n");
  user.quemsi({"init", "--yes"});
  user.commit("Configure");
  const std::string main = dump(file);
  user.quemsi({"snapshot", "first", "--database", GetParam().name});
  user.git({"switch", "-q", "-c", "side"});
  sqlite(file, "DELETE FROM orders;");
  const std::string side = dump(file);
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(file), main);
  user.git({"switch", "-q", "side"});
  EXPECT_EQ(dump(file), side);
  user.settle();
  EXPECT_EQ(user.json({"status"}).at("warnings"), Json::array());
}

INSTANTIATE_TEST_SUITE_P(
    Odd, DatabaseName,
    testing::Values(DatabaseNames{"with blanks", "data base.db"},
                    DatabaseNames{"quo'te \"double\"", "quo'te.db"},
                    DatabaseNames{"日本語", "データ/ベース.db"},
                    DatabaseNames{"a/b:c", "dou\"ble.db"},
                    DatabaseNames{repeated("x", 200), repeated("f", 200) + ".db"},
                    DatabaseNames{"100%", "100%25.db"}, DatabaseNames{"hash", "a#b.db"}));

}  // namespace
}  // namespace quemsi::test

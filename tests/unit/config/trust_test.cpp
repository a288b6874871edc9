#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "quemsi/config.hpp"
#include "support/temp_dir.hpp"

namespace quemsi {
namespace {

Config with(const std::string& sensitive) {
  Config config;
  config.sensitive = sensitive;
  return config;
}

class Trust : public testing::Test {
 protected:
  void damage(std::string_view text) const { std::ofstream(file()) << text; }
  [[nodiscard]] std::filesystem::path file() const { return dir_.path() / "state" / "trusted"; }

  test::TempDir dir_;
  TrustStore store_{dir_.path() / "state"};
};

TEST_F(Trust, NothingIsTrustedAtFirst) {
  EXPECT_FALSE(store_.trusts(with("a")));
  EXPECT_FALSE(store_.trusts(with("")));
  EXPECT_EQ(store_.latest(), "");
}

TEST_F(Trust, WhatWasAcceptedIsTrustedAndNothingElse) {
  store_.trust(with("database: a\n  url: sqlite:\"é\"\n"));
  EXPECT_TRUE(store_.trusts(with("database: a\n  url: sqlite:\"é\"\n")));
  EXPECT_FALSE(store_.trusts(with("database: a\n  url: sqlite:\"é\"")));
  EXPECT_FALSE(store_.trusts(with("")));
}

TEST_F(Trust, TakesWhatIsNotUtf8) {
  store_.trust(with("pg_dump: caf\xe9"));
  EXPECT_TRUE(store_.trusts(with("pg_dump: caf\xe9")));
  EXPECT_FALSE(store_.trusts(with("pg_dump: caf\xe8")));
  EXPECT_EQ(store_.latest(), "pg_dump: caf\xe9");
}

TEST_F(Trust, OutlivesTheObject) {
  store_.trust(with("a"));
  EXPECT_TRUE(TrustStore(dir_.path() / "state").trusts(with("a")));
}

TEST_F(Trust, BranchesMayDifferAndTheLatestIsTold) {
  store_.trust(with("a"));
  store_.trust(with("b"));
  EXPECT_TRUE(store_.trusts(with("a")));
  EXPECT_EQ(store_.latest(), "b");
  store_.trust(with("a"));
  EXPECT_TRUE(store_.trusts(with("b")));
  EXPECT_EQ(store_.latest(), "a");
}

TEST_F(Trust, TheOldestIsForgottenBeyondSixtyFour) {
  for (int i = 0; i < 65; ++i) store_.trust(with(std::to_string(i)));
  EXPECT_FALSE(store_.trusts(with("0")));
  EXPECT_TRUE(store_.trusts(with("1")));
  EXPECT_TRUE(store_.trusts(with("64")));
}

TEST_F(Trust, TheFileIsForItsOwnerOnly) {
  store_.trust(with("a"));
  struct stat info {};
  ASSERT_EQ(stat(file().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST_F(Trust, ADamagedFileTrustsNothingAndCanBeWrittenAgain) {
  store_.trust(with("a"));
  for (const char* text :
       {"", "{", "[]", R"({"version": 2, "trusted": ["a"]})", R"({"version": 1})",
        R"({"version": 1, "trusted": "a"})", R"({"version": 1, "trusted": ["a", 1]})",
        R"({"version": 1, "trusted": ["a"]} x)", "\xff\xfe"}) {
    damage(text);
    EXPECT_FALSE(store_.trusts(with("a"))) << text;
    EXPECT_EQ(store_.latest(), "") << text;
  }
  store_.trust(with("b"));
  EXPECT_TRUE(store_.trusts(with("b")));
}

}  // namespace
}  // namespace quemsi

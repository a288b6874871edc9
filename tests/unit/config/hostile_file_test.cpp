#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <random>

#include "unit/config/project.hpp"

namespace quemsi {
namespace {

using test::Project;
using testing::HasSubstr;

std::string repeated(const std::string& unit, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += unit;
  return text;
}

TEST(HostileFile, LargerThanOneMebibyteIsRefused) {
  Project project;
  project.write(".quemsi.yml", repeated("# x\n", (1U << 20) + 1));
  EXPECT_EQ(project.error_text(), ".quemsi.yml: is larger than 1 MiB");
}

TEST(HostileFile, APipeIsRefusedWithoutWaitingForIt) {
  Project project;
  ASSERT_EQ(mkfifo((project.top() / ".quemsi.yml").c_str(), 0600), 0);
  EXPECT_EQ(project.error_text(), ".quemsi.yml: is not a regular file");
}

TEST(HostileFile, ALinkToAnEndlessDeviceIsRefused) {
  Project project;
  std::filesystem::create_symlink("/dev/zero", project.top() / ".quemsi.yml");
  EXPECT_EQ(project.error_text(), ".quemsi.yml: is not a regular file");
}

TEST(HostileFile, AFolderIsRefused) {
  Project project;
  std::filesystem::create_directory(project.top() / ".quemsi.yml");
  EXPECT_EQ(project.error_text(), ".quemsi.yml: is not a regular file");
}

TEST(HostileFile, AFloodOfAliasesIsRefused) {
  Project project;
  std::string text = "databases: &d0 {a: x, b: x}\n";
  for (int i = 1; i < 40; ++i) {
    text += fmt::format("k{0}: &d{0} [*d{1}, *d{1}, *d{1}]\n", i, i - 1);
  }
  project.write(".quemsi.yml", text);
  EXPECT_THAT(project.error_text(), HasSubstr("too many aliases"));
}

TEST(HostileFile, AnAliasOfItselfIsRefused) {
  Project project;
  project.write(".quemsi.yml", "databases: &d\n  app: *d\n");
  EXPECT_EQ(project.error_text(), ".quemsi.yml:2: an alias stands for itself");
}

class Flood : public testing::TestWithParam<const char*> {};

TEST_P(Flood, EndsInAnErrorOfOurs) {
  Project project;
  project.write(".quemsi.yml", repeated(GetParam(), 200'000));
  EXPECT_NE(project.error_text(), "");
}

INSTANTIATE_TEST_SUITE_P(All, Flood,
                         testing::Values("[", "{", "- ", "? ", "[a,", "{a: ", "&a ", "*a ", "!",
                                         "!!str ", "\"", "'", "|", "%", "- - ", "[\n", "{\n", "\\",
                                         "? a\n", "[]", "a: [\n", "---\n", "<<: *a\n", "a: b\n",
                                         "x"));

/// Loads or throws our error; anything else ends the test, and the sanitizers watch.
void expect_no_crash(const Project& project, const std::string& text) {
  project.write(".quemsi.yml", text);
  try {
    static_cast<void>(load_config(project.sources));
  } catch (const Error& error) {
    EXPECT_EQ(to_string(error.kind()), "config") << text;
  }
}

TEST(HostileFile, RandomBytesNeverCrash) {
  const Project project;
  std::mt19937 random(20240229);
  for (int round = 0; round < 1500; ++round) {
    std::string text(random() % 200, '\0');
    for (char& c : text) c = static_cast<char>(random() % 256);
    expect_no_crash(project, text);
  }
}

TEST(HostileFile, RandomYamlWordsNeverCrash) {
  const Project project;
  const std::vector<std::string> words{
      "databases", "version", "warm", "follow", "url", "app",    ": ",          ":",   "\n",
      "\n  ",      "- ",      "[",    "]",      "{",   "}",      ",",           "&a ", "*a",
      "\"",        "'",       "| ",   "> ",     "? ",  "!!int ", "# ",          "---", "...",
      "%",         "1",       "~",    "<<",     "\t",  "\r\n",   "${A}",        "${",  "$$",
      "}",         "@",       "://",  "=",      "é",   "\\x",    "\xEF\xBB\xBF"};
  std::mt19937 random(19700101);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (std::size_t left = random() % 40; left > 0; --left) text += words[random() % words.size()];
    expect_no_crash(project, text);
  }
}

TEST(HostileFile, AValidFileWithOneByteChangedNeverCrashes) {
  const Project project;
  const std::string valid =
      "version: 1\ndatabases:\n  app: &x postgresql://u:p@${H:-h}/d\n  b: {url: *x, engine: "
      "mysql}\nfollow:\n  branches: true\nwarm: 2\nbusy_timeout: 500ms\n";
  std::mt19937 random(42);
  for (std::size_t at = 0; at < valid.size(); ++at) {
    for (int round = 0; round < 8; ++round) {
      std::string text = valid;
      text[at] = static_cast<char>(random() % 256);
      expect_no_crash(project, text);
    }
  }
}

TEST(HostileText, MaskingRandomTextNeverCrashes) {
  std::mt19937 random(7);
  const std::string alphabet = "ab:/@?=&%'\\ \t#[]password";
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::size_t left = random() % 30; left > 0; --left)
      text += alphabet[random() % alphabet.size()];
    EXPECT_LE(mask_password(text).size(), text.size() + 90);
  }
}

}  // namespace
}  // namespace quemsi

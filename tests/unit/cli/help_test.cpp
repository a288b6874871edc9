#include "cli/help.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "util/fd.hpp"

namespace quemsi::cli {
namespace {

using testing::HasSubstr;

struct Declared {
  explicit Declared(const CommandEntry& entry) : command(entry.make()) { command->declare(syntax); }
  std::unique_ptr<Command> command;
  Syntax syntax;
};

/// The manual as a reader sees its words: without font changes and escaped dashes.
std::string manual() {
  std::string text = read_text_file(std::string(QUEMSI_SOURCE_DIR) + "/docs/man/git-quemsi.1");
  text = std::regex_replace(text, std::regex(R"(\\f[BIR])"), "");
  std::erase(text, '\\');
  return text;
}

TEST(Help, NamesUsageOptionsAndAnExample) {
  for (const CommandEntry& entry : command_table()) {
    const Declared declared(entry);
    const std::string help = command_help(entry, declared.syntax);
    EXPECT_THAT(help, HasSubstr("usage: git quemsi " + std::string(entry.name)));
    EXPECT_THAT(help, HasSubstr("example:\n    git quemsi " + std::string(entry.name)));
    for (const Option& option : declared.syntax.options()) {
      EXPECT_THAT(help, HasSubstr(option.long_name()));
      EXPECT_FALSE(option.help.empty()) << entry.name << " " << option.long_name();
    }
  }
}

TEST(Help, OverviewListsEveryVerb) {
  for (const CommandEntry& entry : command_table()) {
    EXPECT_THAT(overview(), HasSubstr("   " + std::string(entry.name) + " "));
  }
}

TEST(Manual, ExplainsEveryVerbAndOption) {
  const std::string text = manual();
  for (const CommandEntry& entry : command_table()) {
    const std::regex heading("\\.TP\n" + std::string(entry.name) + "\\b");
    EXPECT_TRUE(std::regex_search(text, heading)) << entry.name;
    const Declared declared(entry);
    for (const Option& option : declared.syntax.options()) {
      EXPECT_THAT(text, HasSubstr(option.long_name())) << entry.name;
    }
  }
}

TEST(Manual, MentionsNoOptionThatDoesNotExist) {
  // The last is of `git notes`.
  std::vector<std::string> known{"--help", "--version", "--config", "--ref"};
  for (const CommandEntry& entry : command_table()) {
    const Declared declared(entry);
    for (const Option& option : declared.syntax.options()) {
      known.push_back(option.long_name());
    }
  }
  const std::string text = manual();
  const std::regex word("--[a-z][a-z-]*");
  for (std::sregex_iterator at(text.begin(), text.end(), word), end; at != end; ++at) {
    EXPECT_NE(std::find(known.begin(), known.end(), at->str()), known.end()) << at->str();
  }
}

}  // namespace
}  // namespace quemsi::cli

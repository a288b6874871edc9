// A verb.
//
// How to add a command
//  1. A file src/cli/commands/<verb>.cpp with a class that derives from Command, and
//     a function make_<verb>() at its end.
//  2. In src/cli/commands/table.cpp the declaration of that function and a row: name,
//     summary, example. A name of two words ("temp list") makes a group.
//  3. Its section in docs/man/git-quemsi.1; a test asks for every verb and option.
//  Help texts and completions follow from the table and from declare().
#pragma once

#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "cli/syntax.hpp"

namespace quemsi::cli {

class Session;

/// The words on the command line make no sense: exit code 129.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One use of one verb. Made, declared, filled by the parser, run once.
class Command {
 public:
  virtual ~Command() = default;
  /// Names the options and arguments and where their values go.
  virtual void declare(Syntax& syntax) = 0;
  /// Returns the exit code. Throws Error or UsageError.
  virtual int run(Session& session) = 0;
};

struct CommandEntry {
  std::string_view name;  ///< "restore", "temp list"
  std::string_view summary;
  std::string_view example;
  std::unique_ptr<Command> (*make)();
};

/// In the order in which help lists them.
std::span<const CommandEntry> command_table();

}  // namespace quemsi::cli

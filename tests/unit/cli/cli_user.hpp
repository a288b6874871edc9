// A user of the program, with an application whose db/app.db holds one row, "first".
#pragma once

#include <string>

#include "support/sandbox.hpp"

namespace quemsi::test {

class CliUser {
 public:
  CliUser();

  /// `git-quemsi WORDS...`, stdin at its end.
  [[nodiscard]] CommandResult quemsi(const Words& words) const;
  /// On a pseudo-terminal, where somebody types `input` when asked; what the screen showed is in
  /// `out`.
  [[nodiscard]] CommandResult on_terminal(const Words& words, const std::string& input) const;
  [[nodiscard]] CommandResult git(const Words& words) const;
  /// `bash -c script`, with the program in PATH.
  [[nodiscard]] CommandResult bash(const std::string& script) const;
  /// The same, for what goes before a test: throws when it fails.
  void prepare(const std::string& script) const;
  void set(const std::string& name, const std::string& value) { box_.set(name, value); }

  /// `init` for the one database.
  void set_up() const;
  void add_row(const std::string& text) const;
  /// "first,second"
  [[nodiscard]] std::string rows() const;

 private:
  Sandbox box_;
};

}  // namespace quemsi::test

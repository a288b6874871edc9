// What a running command has at hand: the project and the person in front of the terminal.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/progress_bar.hpp"
#include "cli/style.hpp"
#include "quemsi/workflow.hpp"

namespace quemsi::cli {

/// Options for a Project that starts in the current folder.
ProjectOptions project_options(std::map<std::string, std::string> flags);

/// What the user said beforehand.
struct Consent {
  bool yes = false;   ///< --yes: do not ask
  bool json = false;  ///< --json: say nothing, never ask
};

class Session {
 public:
  explicit Session(std::map<std::string, std::string> flags);

  /// Opened on first use.
  Project& project();
  /// Throws Error(user) naming `git quemsi init` unless that has run here.
  Project& initialised_project();
  Progress& progress();
  [[nodiscard]] const Style& style();
  /// Of the terminal; 0 when the output is not one.
  [[nodiscard]] std::size_t width() const;

  void print(std::string_view text);
  /// As print, through the pager when the user looks at a terminal.
  void page(const std::string& text);
  /// To stderr.
  void say(std::string_view text);
  /// True unless `advice.<name>` is switched off.
  bool advises(const std::string& name);
  /// `hint: ...` lines on stderr, if `advice.<name>` allows.
  void advise(const std::string& name, const std::string& text);
  /// On a terminal only; "no" is the default.
  bool ask(const std::string& question);
  /// For what is destructive: says `warning`, then asks. Throws Error(user) when nobody can be
  /// asked; `retry` is the command to type instead.
  bool agree(const Consent& consent, const std::string& warning, const std::string& retry);

 private:
  std::optional<std::string> git_config(const std::string& key);

  std::map<std::string, std::string> flags_;
  std::optional<Project> project_;
  ProgressBar progress_;
  std::optional<Style> style_;
};

}  // namespace quemsi::cli

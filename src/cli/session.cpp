#include "cli/session.hpp"

#include <utility>

#include "cli/display_text.hpp"
#include "cli/pager.hpp"
#include "cli/signals.hpp"
#include "cli/terminal.hpp"
#include "util/module.hpp"
#include "util/text.hpp"

namespace quemsi::cli {
namespace {

constexpr std::size_t usual_width = 80;

ProgressSurroundings progress_surroundings() {
  ProgressSurroundings surroundings;
  surroundings.write = write_err;
  surroundings.terminal = is_terminal(Stream::err);
  surroundings.width = terminal_width().value_or(usual_width);
  surroundings.check_cancelled = throw_if_signalled;
  return surroundings;
}

bool is_false(const std::optional<std::string>& value) {
  return value == "false" || value == "no" || value == "off" || value == "0";
}

}  // namespace

ProjectOptions project_options(std::map<std::string, std::string> flags) {
  ProjectOptions options;
  options.start = std::filesystem::current_path();
  options.flags = std::move(flags);
  options.module_dir = default_module_dir();
  options.program = this_program();
  options.notice = [](const std::string& line) { write_err("quemsi: " + printable(line) + "\n"); };
  return options;
}

Session::Session(std::map<std::string, std::string> flags)
    : flags_(std::move(flags)), progress_(progress_surroundings()) {}

Project& Session::project() {
  if (!project_) project_.emplace(project_options(flags_));
  return *project_;
}

Project& Session::initialised_project() {
  if (project().initialised()) return project();
  require_no_lost_catalogue(project());
  throw Error(ErrorKind::user, "git-quemsi is not set up in this repository")
      .hint("git quemsi init");
}

Progress& Session::progress() { return progress_; }

std::optional<std::string> Session::git_config(const std::string& key) {
  return project().git_config().value(key);
}

const Style& Session::style() {
  if (style_) return *style_;
  ColourSources sources;
  sources.color_quemsi = git_config("color.quemsi");
  if (!sources.color_quemsi) sources.color_ui = git_config("color.ui");
  sources.no_color = !environment("NO_COLOR").value_or("").empty();
  sources.terminal = is_terminal(Stream::out) || environment("GIT_PAGER_IN_USE").has_value();
  return style_.emplace(wants_colour(sources));
}

std::size_t Session::width() const {
  return is_terminal(Stream::out) ? terminal_width().value_or(usual_width) : 0;
}

void Session::print(std::string_view text) { write_out(text); }

void Session::page(const std::string& text) {
  PagerSources sources;
  sources.terminal = is_terminal(Stream::out);
  sources.in_use = environment("GIT_PAGER_IN_USE").has_value();
  if (sources.terminal && !sources.in_use) {
    sources.pager_quemsi = git_config("pager.quemsi");
    sources.git_pager = environment("GIT_PAGER");
    sources.core_pager = git_config("core.pager");
    sources.pager = environment("PAGER");
  }
  const std::optional<std::string> command = choose_pager(sources);
  if (!command || !show_in_pager(*command, text)) print(text);
}

void Session::say(std::string_view text) { write_err(text); }

bool Session::advises(const std::string& name) { return !is_false(git_config("advice." + name)); }

void Session::advise(const std::string& name, const std::string& text) {
  if (!advises(name)) return;
  say(indent(text, "hint: ") + "\n");
}

bool Session::ask(const std::string& question) {
  say(question + " [y/N] ");
  const std::optional<std::string> answer = read_line();
  if (!answer) say("\n");
  const std::string_view word = trim(answer ? std::string_view(*answer) : "");
  return word == "y" || word == "Y" || word == "yes";
}

bool Session::agree(const Consent& consent, const std::string& warning, const std::string& retry) {
  if (!consent.json) say(warning);
  if (consent.yes) return true;
  if (consent.json || !is_terminal(Stream::in)) {
    throw Error(ErrorKind::user, consent.json
                                     ? "--json never asks, and nobody has said yes"
                                     : "standard input is not a terminal, so nobody can say yes")
        .hint(retry);
  }
  if (ask("Go ahead?")) return true;
  say("Nothing was changed.\n");
  return false;
}

}  // namespace quemsi::cli

#include "cli/completion.hpp"

#include <algorithm>
#include <set>

#include "cli/exit_code.hpp"
#include "cli/invocation.hpp"
#include "cli/output/snapshot_text.hpp"
#include "cli/session.hpp"
#include "cli/terminal.hpp"
#include "util/text.hpp"

namespace quemsi::cli {
namespace {

using Words = std::vector<std::string>;

/// The verbs, or what may follow the first word of a verb of two.
Words verbs_after(const Words& before) {
  const std::string prefix = before.empty() ? "" : before[0] + " ";
  std::set<std::string> found;
  for (const CommandEntry& entry : command_table()) {
    if (before.size() > 1 || !entry.name.starts_with(prefix)) continue;
    const std::string_view rest = entry.name.substr(prefix.size());
    found.emplace(rest.substr(0, rest.find(' ')));
  }
  return {found.begin(), found.end()};
}

const Option* find_option(const Syntax& syntax, const std::string& word) {
  for (const Option& option : syntax.options()) {
    const auto& names = option.names;
    if (std::find(names.begin(), names.end(), word) != names.end()) return &option;
  }
  return nullptr;
}

Words option_names(const Syntax& syntax) {
  Words names;
  for (const Option& option : syntax.options()) names.push_back(option.long_name());
  names.emplace_back("--help");
  return names;
}

/// `before`: what stands between the verb and the unfinished word.
Completion complete_command(const Syntax& syntax, const Words& before, const std::string& current) {
  std::size_t plain = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const Option* option = find_option(syntax, before[i]);
    if (option == nullptr) {
      plain += before[i].starts_with("-") ? 0 : 1;
    } else if (!option->value.empty() && ++i == before.size()) {
      return {{}, option->completes};
    }
  }
  if (current.starts_with("-")) return {option_names(syntax), Completes::nothing};
  if (plain >= syntax.arguments().size()) return {};
  return {{}, syntax.arguments()[plain].completes};
}

Words snapshot_names(Project& project) {
  Words names{"latest"};
  for (const std::string& tag : project.catalogue().tags()) names.push_back(tag);
  for (const Tip& tip : project.catalogue().tips()) names.push_back(tip.branch);
  for (const Snapshot& snapshot : project.catalogue().snapshots({})) {
    names.push_back(short_id(snapshot.id));
  }
  return names;
}

Words look_up(Completes what) {
  Words names;
  Session session({});
  switch (what) {
    case Completes::snapshot:
      return snapshot_names(session.initialised_project());
    case Completes::temporary:
      for (const auto& database : list_temporaries(session.initialised_project())) {
        names.push_back(database.id.str());
      }
      return names;
    case Completes::database:
      for (const auto& database : session.project().config().databases) {
        names.push_back(database.name);
      }
      return names;
    case Completes::branch:
      for (const Tip& tip : session.initialised_project().catalogue().tips()) {
        names.push_back(tip.branch);
      }
      return names;
    case Completes::kind:
      return {"manual", "checkpoint", "safety", "imported"};
    case Completes::nothing:
    case Completes::file:
      break;
  }
  return names;
}

}  // namespace

Completion complete(const Words& words) {
  if (words.empty()) return {};
  Words before(words.begin(), words.end() - 1);
  while (before.size() >= 2 && before[0] == "--config") {
    before.erase(before.begin(), before.begin() + 2);
  }
  std::size_t length = 0;
  const CommandEntry* entry = find_command(before, length);
  if (entry == nullptr) return {verbs_after(before), Completes::nothing};
  before.erase(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(length));
  const std::unique_ptr<Command> command = entry->make();
  Syntax syntax;
  command->declare(syntax);
  return complete_command(syntax, before, words.back());
}

int run_completion(const Words& words) noexcept {
  try {
    Completion completion = complete(words);
    for (std::string& name : look_up(completion.values))
      completion.words.push_back(std::move(name));
    std::string text;
    for (const std::string& word : completion.words) {
      if (word.starts_with(words.back()) && !has_control_characters(word)) text += word + "\n";
    }
    write_out(text);
  } catch (...) {
    // A shell that completes has no place for messages.
    return exit_code::done;
  }
  return exit_code::done;
}

}  // namespace quemsi::cli

#include "git/branch_keys.hpp"

#include "git/git_config.hpp"
#include "git/plain_config.hpp"
#include "util/fd.hpp"

namespace quemsi {
namespace {

constexpr std::string_view key_prefix = "branch.";
constexpr std::string_view suffix = ".quemsi";

void add(BranchKeys& keys, std::string branch, const std::string& key) {
  if (!branch.empty() && !key.empty()) {
    keys.by_branch.insert_or_assign(std::move(branch), BranchKey(key));
  }
}

BranchKeys ask_git(const GitCommand& git) {
  BranchKeys keys;
  for (const auto& [name, key] :
       read_config_matching(git, {"--local", "--get-regexp", R"(^branch\..*\.quemsi$)"})) {
    add(keys, name.substr(key_prefix.size(), name.size() - key_prefix.size() - suffix.size()), key);
  }
  return keys;
}

}  // namespace

BranchKeys read_branch_keys(const GitCommand& git) {
  const auto text = read_text_file_if_exists(git.location().common_dir / "config");
  if (!text) return {};
  const auto entries = parse_plain_config(*text);
  if (!entries) return ask_git(git);
  BranchKeys keys;
  for (const ConfigEntry& entry : *entries) {
    if (entry.section == "branch" && entry.key == "quemsi") {
      add(keys, entry.subsection, entry.value.value_or(""));
    }
  }
  return keys;
}

}  // namespace quemsi

#include "git/hook_managers.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "git/shims.hpp"
#include "util/fd.hpp"
#include "util/text.hpp"

namespace quemsi {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 5> lefthook_files{
    "lefthook.yml", "lefthook.yaml", ".lefthook.yml", "lefthook.toml", "lefthook-local.yml"};
constexpr const char* pre_commit_file = ".pre-commit-config.yaml";
/// Where it moves the hook that it finds, and runs it.
constexpr const char* pre_commit_legacy = ".legacy";

/// Empty for what is no file that we can read.
std::string text_of(const fs::path& file) {
  try {
    if (fs::is_regular_file(file)) return read_text_file(file);
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): as good as not there
  }
  return {};
}

bool mentions(std::string_view text, std::string_view call) {
  return std::ranges::any_of(split(text, '\n'), [&](const std::string& line) {
    return !trim(line).starts_with('#') && line.find(call) != std::string::npos;
  });
}

/// Who knows the manager's words for each hook has told it of all of ours.
bool is_configured(const fs::path& file) { return mentions(text_of(file), "quemsi hook "); }

bool is_shim(const fs::path& file, std::string_view hook) {
  const auto shim = std::ranges::find(shims(), hook, &Shim::hook);
  return shim != shims().end() && match_shim(*shim, text_of(file)) != ShimMatch::none;
}

}  // namespace

bool is_huskys(const fs::path& folder) {
  return folder.filename() == "_" && folder.parent_path().filename() == ".husky";
}

bool calls_ours(const fs::path& file, const fs::path& top) {
  const std::string hook = file.filename().string();
  const std::string call = "quemsi hook " + hook;
  if (is_huskys(file.parent_path())) {
    return mentions(text_of(file.parent_path().parent_path() / hook), call);
  }
  const std::string text = text_of(file);
  if (mentions(text, call)) return true;
  if (text.find("lefthook") != std::string::npos) {
    return std::ranges::any_of(lefthook_files,
                               [&](const char* name) { return is_configured(top / name); });
  }
  if (text.find("pre-commit") == std::string::npos) return false;
  return is_configured(top / pre_commit_file) || is_shim(file.string() + pre_commit_legacy, hook);
}

}  // namespace quemsi

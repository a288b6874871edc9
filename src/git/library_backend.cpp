#include "git/library_backend.hpp"

#include <algorithm>
#include <array>

#include "git/environment.hpp"
#include "git/plain_config.hpp"
#include "util/fd.hpp"
#include "util/module.hpp"

namespace quemsi {
namespace {

/// Variables that change what git finds in the repository, and that libgit2 ignores.
bool is_environment_plain() {
  static constexpr std::array variables{"GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
                                        "GIT_COMMON_DIR",       "GIT_NO_REPLACE_OBJECTS",
                                        "GIT_REPLACE_REF_BASE", "GIT_GRAFT_FILE",
                                        "GIT_SHALLOW_FILE"};
  return std::none_of(variables.begin(), variables.end(),
                      [](const char* name) { return environment(name).has_value(); });
}

/// libgit2 opens other object formats and ref stores if told to, and then misreads them.
bool is_format_known(const std::filesystem::path& config_file) {
  const std::optional<std::string> text = read_text_file_if_exists(config_file);
  const auto entries = parse_plain_config(text.value_or(""));
  return entries && std::none_of(entries->begin(), entries->end(), [](const ConfigEntry& entry) {
           return entry.section == "extensions" &&
                  ((entry.key == "objectformat" && entry.value != "sha1") ||
                   (entry.key == "refstorage" && entry.value != "files"));
         });
}

}  // namespace

std::unique_ptr<GitBackend> open_library_backend(const Location& location,
                                                 const std::filesystem::path& module_dir) {
  if (!is_environment_plain() || !is_format_known(location.common_dir / "config")) return nullptr;
  try {
    const Module module(module_dir / "quemsi-git2.so");
    const auto open = module.function<GitBackend*(const char*)>("quemsi_git2_open");
    return std::unique_ptr<GitBackend>(open(location.git_dir.c_str()));
  } catch (const Error&) {
    return nullptr;
  }
}

}  // namespace quemsi

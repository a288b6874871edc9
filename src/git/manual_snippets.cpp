#include <fmt/format.h>

#include "git/shims.hpp"
#include "quemsi/git.hpp"

namespace quemsi {
namespace {

std::string own_hooks() {
  std::string text;
  for (const Shim& shim : shims()) {
    text += fmt::format(
        "# A hook of your own: at the end of {0}\n# husky: .husky/{0}\n"
        "git quemsi hook {0} \"$@\"\n\n",
        shim.hook);
  }
  return text;
}

/// lefthook numbers the arguments, and keeps stdin for itself unless told otherwise.
std::string lefthook() {
  std::string text = "# lefthook: lefthook.yml\n";
  for (const Shim& shim : shims()) {
    const bool reads = shim.hook == "post-rewrite";
    text += fmt::format("{0}:\n  commands:\n    quemsi:\n      run: git quemsi hook {0} {{0}}\n{1}",
                        shim.hook, reads ? "      use_stdin: true\n" : "");
  }
  return text + "\n";
}

/// pre-commit hands over what it knows in the environment, and knows neither
/// post-applypatch nor what post-rewrite is told.
constexpr std::string_view pre_commit = R"(# pre-commit: .pre-commit-config.yaml, then:
# pre-commit install -t post-checkout -t post-commit -t post-merge -t post-rewrite -t commit-msg
repos:
  - repo: local
    hooks:
      - id: quemsi-checkout
        name: git-quemsi
        language: system
        entry: sh -c 'git quemsi hook post-checkout "$PRE_COMMIT_FROM_REF" "$PRE_COMMIT_TO_REF" "$PRE_COMMIT_CHECKOUT_TYPE"'
        stages: [post-checkout]
        always_run: true
        pass_filenames: false
        verbose: true
      - id: quemsi-commit
        name: git-quemsi
        language: system
        entry: git quemsi hook post-commit
        stages: [post-commit, post-merge]
        always_run: true
        pass_filenames: false
        verbose: true
      - id: quemsi-rewrite
        name: git-quemsi
        language: system
        entry: sh -c 'git quemsi hook post-rewrite "$PRE_COMMIT_REWRITE_COMMAND"'
        stages: [post-rewrite]
        always_run: true
        pass_filenames: false
        verbose: true
      - id: quemsi-message
        name: git-quemsi
        language: system
        entry: git quemsi hook commit-msg
        stages: [commit-msg]
        always_run: true
        verbose: true
)";

}  // namespace

std::string Repository::manual_snippets() {
  return own_hooks() + lefthook() + std::string(pre_commit);
}

}  // namespace quemsi

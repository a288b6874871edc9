#include "quemsi/git.hpp"

namespace quemsi {

std::string Repository::manual_snippets() {
  return R"(# A hook of your own: at the end of post-checkout
git quemsi hook post-checkout "$@"

# husky: .husky/post-checkout
git quemsi hook post-checkout "$@"

# lefthook: lefthook.yml
post-checkout:
  commands:
    quemsi:
      run: git quemsi hook post-checkout {0}

# pre-commit: .pre-commit-config.yaml, then: pre-commit install --hook-type post-checkout
repos:
  - repo: local
    hooks:
      - id: quemsi
        name: git-quemsi
        language: system
        entry: sh -c 'git quemsi hook post-checkout "$PRE_COMMIT_FROM_REF" "$PRE_COMMIT_TO_REF" "$PRE_COMMIT_CHECKOUT_TYPE"'
        stages: [post-checkout]
        always_run: true
        pass_filenames: false
        verbose: true
)";
}

}  // namespace quemsi

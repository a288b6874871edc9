#include "git/cli_backend.hpp"

#include <algorithm>

#include "util/text.hpp"

namespace quemsi {

std::optional<CommitId> parse_commit_id(std::string_view text) {
  const bool hex = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
  if (!hex || (text.size() != 40 && text.size() != 64)) return std::nullopt;
  return CommitId(std::string(text));
}

Head CliBackend::head() const {
  static constexpr std::string_view branches = "refs/heads/";
  Head head;
  const ProcessResult symbolic = git_.run({"symbolic-ref", "--quiet", "HEAD"});
  // 1 says that HEAD is detached.
  if (symbolic.exit_code > 1) throw git_error(ErrorKind::unsupported, "symbolic-ref", symbolic);
  const std::string_view ref = trim(symbolic.out);
  if (ref.starts_with(branches)) head.branch = ref.substr(branches.size());
  head.commit = find_commit("HEAD");
  return head;
}

bool CliBackend::branch_exists(const std::string& branch) const {
  return git_.run({"show-ref", "--verify", "--quiet", "refs/heads/" + branch}).exit_code == 0;
}

std::optional<CommitId> CliBackend::resolve_commit(const std::string& revision) {
  return find_commit(revision);
}

std::optional<CommitId> CliBackend::find_commit(const std::string& revision) const {
  if (revision.empty() || revision[0] == '-') return std::nullopt;
  // In `:/text` everything that follows is text; it finds commits only.
  const std::string peeled = revision.starts_with(":/") ? revision : revision + "^{commit}";
  const ProcessResult result = git_.run({"rev-parse", "--quiet", "--verify", peeled});
  if (result.exit_code != 0) return std::nullopt;
  return parse_commit_id(trim(result.out));
}

}  // namespace quemsi

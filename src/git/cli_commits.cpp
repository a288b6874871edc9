#include "git/cli_backend.hpp"
#include "util/text.hpp"

namespace quemsi {
namespace {

constexpr const char* at_a_time = "--max-count=1000";

/// "<id>\n<parents>\n<message>"
std::optional<Commit> parse_commit(const std::string& record) {
  const std::size_t first = record.find('\n');
  const std::size_t second = record.find('\n', first == std::string::npos ? first : first + 1);
  if (second == std::string::npos) return std::nullopt;
  const std::optional<CommitId> id = parse_commit_id(trim(record.substr(0, first)));
  if (!id) return std::nullopt;
  Commit commit{*id, {}, record.substr(second + 1)};
  for (const std::string& word : split(record.substr(first + 1, second - first - 1), ' ')) {
    if (auto parent = parse_commit_id(word)) commit.parents.push_back(*parent);
  }
  return commit;
}

}  // namespace

void CliBackend::read_ahead(const CommitId& id) {
  const ProcessResult result =
      git_.run({"log", "-z", at_a_time, "--no-show-signature", "--no-color", "--no-notes",
                "--format=%H%n%P%n%B", id.str(), "--"});
  if (result.exit_code != 0) return;
  for (const std::string& record : split(result.out, '\0')) {
    if (auto commit = parse_commit(record)) commits_.emplace(commit->id, std::move(*commit));
  }
}

std::optional<Commit> CliBackend::commit(const CommitId& id) {
  if (!commits_.contains(id)) read_ahead(id);
  const auto found = commits_.find(id);
  return found == commits_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace quemsi

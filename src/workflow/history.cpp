#include <algorithm>
#include <unordered_map>

#include "util/text.hpp"
#include "workflow/links.hpp"

namespace quemsi {
namespace {

/// Stands between git's drawing and the full id, and between that and the text.
constexpr char mark = '\x01';

std::vector<std::string> log_arguments(const HistoryRequest& request) {
  std::vector<std::string> arguments{"--no-show-signature", "--no-notes", "--decorate=short",
                                     request.colour ? "--color=always" : "--color=never",
                                     "--format=%x01%H%x01%C(auto)%h%d %s"};
  if (request.graph) arguments.emplace_back("--graph");
  if (request.limit) arguments.push_back("--max-count=" + std::to_string(*request.limit));
  for (const std::string& revision : request.revisions) {
    if (revision.starts_with("-")) throw Error(ErrorKind::user, "not a revision: " + revision);
    arguments.push_back(revision);
  }
  arguments.emplace_back("--");
  return arguments;
}

HistoryLine parse_line(const std::string& line) {
  const std::vector<std::string> parts = split(line, mark);
  if (parts.size() < 3) return {.graph = line};
  return {.graph = parts[0], .commit = CommitId(parts[1]), .text = parts[2]};
}

/// Everything at once: asking for each of 50,000 commits would be felt.
class SnapshotsByCommit {
 public:
  explicit SnapshotsByCommit(Project& project) {
    for (Snapshot& snapshot : project.catalogue().snapshots()) {
      if (snapshot.kind == SnapshotKind::safety) continue;
      by_id_.emplace(snapshot.id.str(), snapshots_.size());
      snapshots_.push_back(std::move(snapshot));
    }
    std::vector<bool> linked(snapshots_.size());
    for (const auto& [commit, lines] : project.repository().notes()) {
      for (const SnapshotId& id : linked_ids(lines)) {
        const auto known = by_id_.find(id.str());
        if (known == by_id_.end()) continue;
        add(commit, known->second);
        linked[known->second] = true;
      }
    }
    // Where it was taken counts only for what no commit is linked to.
    for (std::size_t i = 0; i < snapshots_.size(); ++i) {
      if (!linked[i] && snapshots_[i].commit) add(*snapshots_[i].commit, i);
    }
  }

  [[nodiscard]] std::vector<Snapshot> at(const CommitId& commit) const {
    std::vector<Snapshot> result;
    const auto found = by_commit_.find(commit.str());
    if (found == by_commit_.end()) return result;
    for (const std::size_t index : found->second) result.push_back(snapshots_[index]);
    return result;
  }

 private:
  void add(const CommitId& commit, std::size_t index) {
    std::vector<std::size_t>& all = by_commit_[commit.str()];
    // In the order of the list: newest first.
    const auto place = std::lower_bound(all.begin(), all.end(), index);
    if (place == all.end() || *place != index) all.insert(place, index);
  }

  std::vector<Snapshot> snapshots_;
  std::unordered_map<std::string, std::size_t> by_id_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_commit_;
};

}  // namespace

History history(Project& project, const HistoryRequest& request) {
  const std::string log = project.repository().log(log_arguments(request));
  const SnapshotsByCommit snapshots(project);
  const std::optional<Owner> owner = project.catalogue().owner(project.repository().worktree());
  History history;
  if (owner) history.base = owner->base;
  for (const std::string& text : split(log, '\n')) {
    if (text.empty()) continue;
    HistoryLine line = parse_line(text);
    if (line.commit) line.snapshots = snapshots.at(*line.commit);
    // Several commits may be linked to it: live stands at the newest of them.
    const auto base =
        std::find_if(line.snapshots.begin(), line.snapshots.end(),
                     [&](const Snapshot& snapshot) { return snapshot.id == history.base; });
    line.live = !history.base_shown && base != line.snapshots.end();
    history.base_shown = history.base_shown || line.live;
    history.lines.push_back(std::move(line));
  }
  return history;
}

}  // namespace quemsi

// Commits whose database is known.
#pragma once

#include "e2e/fixture.hpp"

namespace quemsi::test {

class CommitsTest : public EndToEnd {
 protected:
  void SetUp() override { set_up_shop(); }

  /// Ids of the snapshots that a commit's note names, as git shows it.
  [[nodiscard]] std::vector<std::string> links(const std::string& revision = "HEAD") const {
    const CommandResult note = user.run({"git", "notes", "--ref=quemsi", "show", revision});
    std::vector<std::string> ids;
    std::istringstream lines(note.out);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("snapshot: ")) ids.push_back(line.substr(10, 16));
    }
    return ids;
  }
  [[nodiscard]] std::size_t snapshots() const { return user.json({"list"}).at("snapshots").size(); }
  [[nodiscard]] std::string message(const std::string& revision = "HEAD") const {
    return user.git({"log", "-1", "--format=%B", revision});
  }
  [[nodiscard]] std::string id_of(const std::string& snapshot) const {
    return user.json({"show", snapshot}).at("id");
  }
  void set(const std::string& key, const std::string& value) const {
    user.git({"config", key, value});
  }
  void shell(const std::string& script) const { user.ok({"sh", "-c", "set -e\n" + script}); }
};

}  // namespace quemsi::test

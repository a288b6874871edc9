// Notes, through libgit2 and through the git command alike.
#include <gmock/gmock.h>

#include <barrier>
#include <thread>

#include "git/cli_backend.hpp"
#include "git/library_backend.hpp"
#include "git_fixture.hpp"
#include "util/text.hpp"

namespace quemsi::git_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Notes : public GitTest, public testing::WithParamInterface<const char*> {
 public:
  Notes() { make_repository(repo()); }

  [[nodiscard]] std::unique_ptr<GitBackend> backend() const {
    const Location location = *locate(repo());
    if (starts_git()) {
      return std::make_unique<CliBackend>(GitCommand(location));
    }
    return open_library_backend(location, QUEMSI_MODULE_DIR);
  }
  /// For each step of each try.
  [[nodiscard]] static bool starts_git() { return std::string(GetParam()) == "command"; }
  [[nodiscard]] CommitId head() const { return *id_of("HEAD"); }
  [[nodiscard]] std::string shown(const std::string& revision = "HEAD") const {
    return git({"notes", "--ref=quemsi", "show", revision});
  }
  /// That many commits, oldest first, made by one git.
  std::vector<CommitId> make_commits(int count) const {
    std::string stream;
    for (int i = 0; i < count; ++i) {
      stream +=
          "commit refs/heads/main\ncommitter Ada <ada@example.org> 1700000000 +0000\ndata <<.\n" +
          std::to_string(i) + "\n.\n" + (i == 0 ? "from refs/heads/main^0\n" : "") + "\n";
    }
    const ProcessResult made = run_process({.argv = {"git", "fast-import", "--quiet"},
                                            .cwd = repo(),
                                            .input = stream,
                                            .environment = {}});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    std::vector<CommitId> ids;
    for (const std::string& id :
         split(git({"rev-list", "--reverse", "--max-count=" + std::to_string(count), "main"}),
               '\n')) {
      ids.emplace_back(id);
    }
    EXPECT_THAT(ids, SizeIs(count));
    return ids;
  }
  /// One writer for each commit; they let go together.
  void write_at_once(const std::vector<CommitId>& ids) const {
    std::barrier start(static_cast<std::ptrdiff_t>(ids.size()));
    std::vector<std::jthread> writers;
    for (const CommitId& id : ids) {
      writers.emplace_back([this, id, &start] {
        const auto notes = backend();
        start.arrive_and_wait();
        notes->add_notes({{id, {"of " + id.str()}}});
      });
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Backends, Notes, testing::Values("library", "command"),
                         [](const auto& test) { return test.param; });

TEST_P(Notes, AreReadByGit) {
  const auto notes = backend();
  EXPECT_THAT(notes->note(head()), IsEmpty());
  EXPECT_THAT(notes->notes(), IsEmpty());
  notes->add_notes({{head(), {"snapshot: b", "snapshot: a"}}});
  EXPECT_EQ(shown(), "snapshot: a\nsnapshot: b");
  EXPECT_THAT(notes->note(head()), ElementsAre("snapshot: a", "snapshot: b"));
}

TEST_P(Notes, AreJoinedLineByLine) {
  run_git({"notes", "--ref=quemsi", "add", "--message", "somebody else's", "HEAD"});
  backend()->add_notes({{head(), {"snapshot: a"}}});
  backend()->add_notes({{head(), {"snapshot: a", "snapshot: b"}}});
  EXPECT_EQ(shown(), "snapshot: a\nsnapshot: b\nsomebody else's");
}

TEST_P(Notes, AreNotWrittenAgainWhenNothingIsNew) {
  backend()->add_notes({{head(), {"snapshot: a"}}});
  const std::string before = git({"rev-parse", "refs/notes/quemsi"});
  backend()->add_notes({{head(), {"snapshot: a"}}});
  EXPECT_EQ(git({"rev-parse", "refs/notes/quemsi"}), before);
}

TEST_P(Notes, OfSeveralCommitsAreOneCommit) {
  const std::vector<CommitId> ids = make_commits(3);
  backend()->add_notes({{ids[0], {"x"}}, {ids[1], {"y"}}, {ids[2], {"z"}}});
  EXPECT_EQ(git({"rev-list", "--count", "refs/notes/quemsi"}), "1");
  EXPECT_THAT(backend()->notes(), SizeIs(3));
  EXPECT_EQ(shown("HEAD~1"), "y");
}

TEST_P(Notes, OfWhateverLayoutAreReadAndKept) {
  const std::vector<CommitId> ids = make_commits(300);
  NoteLines half;
  for (std::size_t i = 0; i < ids.size(); i += 2) half[ids[i]] = {"ours"};
  backend()->add_notes(half);
  // Rewrites the tree in the layout that git thinks best for so many.
  run_git({"notes", "--ref=quemsi", "add", "--message", "git's", ids[1].str()});
  backend()->add_notes({{ids[0], {"more"}}, {ids[1], {"more"}}, {ids[3], {"new"}}});
  const auto notes = backend();
  EXPECT_THAT(notes->notes(), SizeIs(152));
  EXPECT_EQ(shown(ids[0].str()), "more\nours");
  EXPECT_EQ(shown(ids[1].str()), "git's\nmore");
  EXPECT_THAT(notes->note(ids[2]), ElementsAre("ours"));
  EXPECT_EQ(split(git({"notes", "--ref=quemsi", "list"}), '\n').size(), 152U);
}

TEST_P(Notes, OfManyWritersAtOnceAreAllThere) {
  const int writers = starts_git() ? 15 : 40;
  const std::vector<CommitId> ids = make_commits(writers);
  write_at_once(ids);
  const NoteLines all = backend()->notes();
  EXPECT_THAT(all, SizeIs(writers));
  for (const auto& [id, lines] : all) EXPECT_THAT(lines, ElementsAre("of " + id.str()));
}

TEST_P(Notes, OfWritersWhoAllMakeTheFirstAreAllThere) {
  const std::vector<CommitId> ids = make_commits(4);
  const int rounds = starts_git() ? 8 : 25;
  for (int round = 0; round < rounds; ++round) {
    write_at_once(ids);
    ASSERT_THAT(backend()->notes(), SizeIs(ids.size())) << "round " << round;
    run_git({"update-ref", "-d", "refs/notes/quemsi"});
  }
}

TEST_P(Notes, CommitsAreReadWithParentsAndMessage) {
  make_commits(2);
  const std::optional<Commit> commit = backend()->commit(head());
  ASSERT_TRUE(commit);
  EXPECT_THAT(commit->parents, ElementsAre(*id_of("HEAD~1")));
  EXPECT_THAT(commit->message, HasSubstr("1"));
  EXPECT_FALSE(backend()->commit(CommitId(std::string(40, '1'))));
}

TEST_F(GitTest, AncestorsAreVisitedNearestFirst) {
  make_repository(repo());
  run_git({"branch", "side"});
  commit(repo(), "file", "on main\n");
  run_git({"switch", "--quiet", "side"});
  commit(repo(), "other", "on side\n");
  commit(repo(), "other", "on side again\n");
  run_git({"switch", "--quiet", "main"});
  run_git({"merge", "--quiet", "--no-edit", "side"});
  std::vector<std::string> seen;
  const bool stopped =
      open().walk_ancestors(*id_of("HEAD"), [&](const Commit& each, std::size_t steps) {
        seen.push_back(std::to_string(steps) + " " + each.id.str());
        return false;
      });
  EXPECT_FALSE(stopped);
  EXPECT_THAT(seen, ElementsAre("0 " + id_of("HEAD")->str(), "1 " + id_of("HEAD^1")->str(),
                                "1 " + id_of("HEAD^2")->str(), "2 " + id_of("HEAD~2")->str(),
                                "2 " + id_of("HEAD^2~1")->str()));
}

TEST_F(GitTest, NotesAreKeptWhereLibgit2CannotRead) {
  make_repository(root() / "sha256", {"--object-format=sha256"});
  Repository repository = open(root() / "sha256");
  const CommitId head = *id_of("HEAD", root() / "sha256");
  repository.add_notes({{head, {"snapshot: a"}}});
  EXPECT_THAT(repository.note(head), ElementsAre("snapshot: a"));
}

TEST_F(GitTest, InstallingMakesGitCarryNotesAndTheReverseLeavesNothing) {
  make_repository(repo());
  const std::string before = read_file(repo() / ".git" / "config");
  Repository repository = open();
  repository.carry_notes(false);
  EXPECT_EQ(git({"config", "notes.rewriteRef"}), "refs/notes/quemsi");
  EXPECT_EQ(git({"config", "notes.rewriteMode"}), "cat_sort_uniq");
  EXPECT_FALSE(repository.shows_notes());
  repository.carry_notes(true);
  repository.carry_notes(true);
  EXPECT_TRUE(repository.shows_notes());
  EXPECT_EQ(git({"config", "--get-all", "notes.displayRef"}), "refs/notes/quemsi");
  repository.forget_notes_config();
  EXPECT_EQ(read_file(repo() / ".git" / "config"), before);
}

TEST_F(GitTest, SomebodyElsesNotesConfigurationStays) {
  make_repository(repo());
  run_git({"config", "notes.rewriteRef", "refs/notes/commits"});
  run_git({"config", "notes.rewriteMode", "overwrite"});
  Repository repository = open();
  repository.carry_notes(false);
  EXPECT_EQ(git({"config", "notes.rewriteMode"}), "overwrite");
  EXPECT_THAT(git({"config", "--get-all", "notes.rewriteRef"}), HasSubstr("refs/notes/commits"));
  repository.forget_notes_config();
  EXPECT_EQ(git({"config", "--get-all", "notes.rewriteRef"}), "refs/notes/commits");
  EXPECT_EQ(git({"config", "notes.rewriteMode"}), "overwrite");
}

}  // namespace
}  // namespace quemsi::git_test

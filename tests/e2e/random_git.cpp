#include "e2e/random_git.hpp"

#include <algorithm>
#include <functional>

#include "support/file_damage.hpp"
#include "support/sqlite_cli.hpp"

namespace quemsi::test {

const std::vector<RandomGit::Kind>& RandomGit::kinds() {
  static const std::vector<Kind> all{
      {"write rows", &RandomGit::write_rows},
      {"write rows", &RandomGit::write_rows},
      {"change the schema", &RandomGit::change_schema},
      {"git commit", &RandomGit::commit},
      {"git commit", &RandomGit::commit},
      {"git commit --amend", &RandomGit::amend},
      {"git switch BRANCH", &RandomGit::switch_to},
      {"git switch BRANCH", &RandomGit::switch_to},
      {"git switch BRANCH", &RandomGit::switch_to},
      {"git switch -c NEW", &RandomGit::switch_new},
      {"git checkout --detach", &RandomGit::detach},
      {"git checkout", &RandomGit::bare_checkout},
      {"git symbolic-ref HEAD BRANCH, and a hook", &RandomGit::symbolic_ref},
      {"git branch -m BRANCH NEW", &RandomGit::rename},
      {"git branch -D BRANCH", &RandomGit::remove},
      {"git branch -c BRANCH NEW, switch", &RandomGit::copy},
      {"git merge BRANCH", &RandomGit::merge},
      {"git rebase BRANCH", &RandomGit::rebase},
      {"git cherry-pick BRANCH", &RandomGit::cherry_pick},
      {"git reset --hard HEAD~1", &RandomGit::reset},
      {"git stash, pop", &RandomGit::stash},
      {"git quemsi snapshot", &RandomGit::snapshot},
      {"git quemsi restore", &RandomGit::restore},
      {"git quemsi undo", &RandomGit::undo},
  };
  return all;
}

std::vector<Step> random_steps(unsigned seed, std::size_t count) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<std::size_t> kind(0, RandomGit::kinds().size() - 1);
  std::uniform_int_distribution<unsigned> number(0, 999);
  std::vector<Step> steps(count);
  for (Step& step : steps) step = {kind(random), number(random), number(random)};
  return steps;
}

std::string describe(const std::vector<Step>& steps) {
  std::string text;
  for (const Step& step : steps) {
    text += "  {" + std::to_string(step.kind) + ", " + std::to_string(step.a) + ", " +
            std::to_string(step.b) + "}  " + RandomGit::kinds()[step.kind].name + "\n";
  }
  return text;
}

RandomGit::RandomGit(const std::filesystem::path& bin_dir, bool sabotage)
    : user_({.bin_dir = bin_dir}), db_(user_.top() / "app.db"), sabotage_(sabotage) {
  sql("CREATE TABLE t(x); INSERT INTO t VALUES (0)");
  user_.quemsi({"init", "--yes"});
  user_.commit("Follow");
  live_ = dump(db_);
}

void RandomGit::sql(const std::string& text) const { sqlite(db_, text + ";"); }

std::string RandomGit::branch(unsigned a) const {
  auto it = branches_.begin();
  std::advance(it, static_cast<std::ptrdiff_t>(a % branches_.size()));
  return *it;
}

std::string RandomGit::new_name() { return "b" + std::to_string(++names_); }

void RandomGit::model_switch(const std::string& to) {
  if (to != head_) {
    states_[head_] = live_;
    if (const auto state = states_.find(to); state != states_.end()) live_ = state->second;
    states_.erase(to);
  }
  head_ = to;
  detached_ = false;
}

void RandomGit::write_rows(unsigned a, unsigned b) {
  sql("INSERT INTO t VALUES (" + std::to_string(a * 1000 + b) + ")");
  live_ = dump(db_);
}

void RandomGit::change_schema(unsigned a, unsigned b) {
  sql("CREATE TABLE IF NOT EXISTS s" + std::to_string(a * 1000 + b) + "(x)");
  live_ = dump(db_);
}

/// A file of its own: nothing is ever in conflict.
void RandomGit::commit(unsigned, unsigned) {
  write_file(user_.top() / ("f" + std::to_string(++files_)), "x");
  user_.commit("Commit " + std::to_string(files_));
}

void RandomGit::amend(unsigned a, unsigned) {
  git({"commit", "-q", "--amend", "--allow-empty", "-m", "Amended " + std::to_string(a)});
}

void RandomGit::switch_to(unsigned a, unsigned b) {
  const std::string to = branch(a);
  if (sabotage_ && b % 4 == 0) user_.set("GIT_QUEMSI_SKIP", "1");
  git({"switch", "-q", to});
  user_.unset("GIT_QUEMSI_SKIP");
  model_switch(to);
}

void RandomGit::switch_new(unsigned, unsigned) {
  if (detached_) git({"switch", "-q", head_});
  const std::string to = new_name();
  git({"switch", "-q", "-c", to});
  branches_.insert(to);
  model_switch(to);
}

void RandomGit::detach(unsigned a, unsigned) {
  git({"checkout", "-q", "--detach", branch(a)});
  detached_ = true;
}

void RandomGit::bare_checkout(unsigned, unsigned) { git({"checkout", "-q"}); }

void RandomGit::symbolic_ref(unsigned a, unsigned b) {
  const std::string to = branch(a);
  git({"symbolic-ref", "HEAD", "refs/heads/" + to});
  git({"reset", "-q", "--hard"});
  if (b % 2 == 0) {
    git({"checkout", "-q"});
  } else {
    git({"commit", "-q", "--allow-empty", "-m", "Behind our back"});
  }
  model_switch(to);
}

void RandomGit::rename(unsigned a, unsigned) {
  const std::string from = branch(a);
  const std::string to = new_name();
  git({"branch", "-m", from, to});
  branches_.erase(from);
  branches_.insert(to);
  if (head_ == from) head_ = to;
  if (auto node = states_.extract(from); !node.empty()) {
    node.key() = to;
    states_.insert(std::move(node));
  }
}

void RandomGit::remove(unsigned a, unsigned) {
  const std::string gone = branch(a);
  if (gone == head_ || branches_.size() < 3) return;
  git({"branch", "-q", "-D", gone});
  branches_.erase(gone);
  states_.erase(gone);
}

void RandomGit::copy(unsigned a, unsigned) {
  const std::string from = branch(a);
  const std::string to = new_name();
  if (detached_) git({"switch", "-q", head_});
  detached_ = false;
  git({"branch", "-c", from, to});
  branches_.insert(to);
  if (from != head_) states_[to] = states_[from];
  git({"switch", "-q", to});
  model_switch(to);
}

void RandomGit::merge(unsigned a, unsigned) { git({"merge", "-q", "--no-edit", branch(a)}); }

void RandomGit::rebase(unsigned a, unsigned b) {
  git({"rebase", "-q", b % 2 == 0 ? "--merge" : "--apply", branch(a)});
}

void RandomGit::cherry_pick(unsigned a, unsigned) {
  // A merge, or what is there already, cannot be picked: then nothing has happened.
  if (user_.run({"git", "cherry-pick", "--allow-empty", branch(a)}).exit_code != 0) {
    static_cast<void>(user_.run({"git", "cherry-pick", "--abort"}));
    git({"reset", "-q", "--hard"});
  }
}

void RandomGit::reset(unsigned, unsigned) {
  static_cast<void>(user_.run({"git", "reset", "-q", "--hard", "HEAD~1"}));
  // Not past the commit that has the configuration.
  if (!std::filesystem::exists(user_.top() / ".quemsi.yml")) git({"reset", "-q", "--hard", "@{1}"});
}

void RandomGit::stash(unsigned, unsigned) {
  write_file(user_.top() / "stashed", "x");
  git({"stash", "-q", "-u"});
  git({"stash", "pop", "-q"});
  std::filesystem::remove(user_.top() / "stashed");
}

void RandomGit::snapshot(unsigned, unsigned) {
  const std::string tag = "tag" + std::to_string(++names_);
  user_.quemsi({"snapshot", tag});
  snapshots_[tag] = live_;
}

void RandomGit::restore(unsigned a, unsigned) {
  if (snapshots_.empty() || detached_) return;
  auto it = snapshots_.begin();
  std::advance(it, static_cast<std::ptrdiff_t>(a % snapshots_.size()));
  user_.quemsi({"restore", it->first, "--yes"});
  live_ = it->second;
}

void RandomGit::undo(unsigned, unsigned) {
  if (detached_) return;
  const CommandResult result = user_.try_quemsi({"undo", "--yes"});
  if (result.exit_code != 0) return;
  live_ = dump(db_);
  if (!seen_.contains(live_)) throw std::runtime_error("a state that never was:\n" + live_);
}

std::optional<std::string> RandomGit::difference() {
  seen_.insert(live_);
  const std::string now = dump(db_);
  if (now == live_) return std::nullopt;
  return "HEAD is at '" + head_ + "', whose database must be\n" + live_ + "\nand is\n" + now;
}

std::optional<std::string> RandomGit::check_all_branches() {
  for (const std::string& each : branches_) {
    git({"switch", "-q", "-f", each});
    model_switch(each);
    if (auto wrong = difference()) return "in the end: " + *wrong;
  }
  return std::nullopt;
}

std::optional<std::string> RandomGit::run(const std::vector<Step>& steps) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Kind& kind = kinds()[steps[i].kind];
    const std::string place = "step " + std::to_string(i + 1) + ", " + kind.name + ": ";
    try {
      (this->*kind.act)(steps[i].a, steps[i].b);
    } catch (const std::exception& error) {
      return place + error.what();
    }
    if (auto wrong = difference()) return place + *wrong;
  }
  return check_all_branches();
}

std::vector<Step> shortest_failing(std::vector<Step> steps,
                                   const std::function<bool(const std::vector<Step>&)>& fails) {
  for (std::size_t part = steps.size() / 2; part > 0; part /= 2) {
    for (std::size_t at = 0; at < steps.size();) {
      std::vector<Step> fewer = steps;
      const std::size_t end = std::min(at + part, fewer.size());
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at),
                  fewer.begin() + static_cast<std::ptrdiff_t>(end));
      if (fails(fewer)) {
        steps = std::move(fewer);
      } else {
        at += part;
      }
    }
  }
  return steps;
}

}  // namespace quemsi::test

// Random operations of git on a small repository, and what its database must hold.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "support/sandbox.hpp"

namespace quemsi::test {

/// Two numbers choose among what there is, so that a sequence without one of its steps still is
/// one.
struct Step {
  std::size_t kind = 0;
  unsigned a = 0;
  unsigned b = 0;
};

std::vector<Step> random_steps(unsigned seed, std::size_t count);
/// As a person would type them.
std::string describe(const std::vector<Step>& steps);

/// The world and its model: which branch has what, which of them is live.
class RandomGit {
 public:
  /// `sabotage`: some switches happen without our hook, which the model does not know.
  RandomGit(const std::filesystem::path& bin_dir, bool sabotage);

  /// What is wrong after it; none when all is well.
  std::optional<std::string> run(const std::vector<Step>& steps);

  struct Kind {
    const char* name;
    void (RandomGit::*act)(unsigned a, unsigned b);
  };
  static const std::vector<Kind>& kinds();

 private:
  void write_rows(unsigned a, unsigned b);
  void change_schema(unsigned a, unsigned b);
  void commit(unsigned a, unsigned b);
  void amend(unsigned a, unsigned b);
  void switch_to(unsigned a, unsigned b);
  void switch_new(unsigned a, unsigned b);
  void detach(unsigned a, unsigned b);
  void bare_checkout(unsigned a, unsigned b);
  void symbolic_ref(unsigned a, unsigned b);
  void rename(unsigned a, unsigned b);
  void remove(unsigned a, unsigned b);
  void copy(unsigned a, unsigned b);
  void merge(unsigned a, unsigned b);
  void rebase(unsigned a, unsigned b);
  void cherry_pick(unsigned a, unsigned b);
  void reset(unsigned a, unsigned b);
  void stash(unsigned a, unsigned b);
  void snapshot(unsigned a, unsigned b);
  void restore(unsigned a, unsigned b);
  void undo(unsigned a, unsigned b);

  [[nodiscard]] std::string branch(unsigned a) const;
  std::string new_name();
  void git(const Words& arguments) { user_.git(arguments); }
  void sql(const std::string& text) const;
  /// HEAD is on the branch now, and a hook has run.
  void model_switch(const std::string& to);
  std::optional<std::string> difference();
  std::optional<std::string> check_all_branches();

  Sandbox user_;
  std::filesystem::path db_;
  bool sabotage_;
  int names_ = 0;
  int files_ = 0;
  std::string head_ = "main";  ///< branch that HEAD was last on
  bool detached_ = false;
  std::set<std::string> branches_{"main"};
  std::map<std::string, std::string> states_;     ///< of branches that are not live
  std::map<std::string, std::string> snapshots_;  ///< by tag
  std::set<std::string> seen_;                    ///< every state that was live
  std::string live_;
};

/// The shortest sequence that still fails, as far as leaving steps out finds it.
std::vector<Step> shortest_failing(std::vector<Step> steps,
                                   const std::function<bool(const std::vector<Step>&)>& fails);

}  // namespace quemsi::test

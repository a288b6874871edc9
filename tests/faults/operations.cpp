#include "faults/operations.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "support/application.hpp"
#include "support/file_damage.hpp"
#include "support/sqlite_cli.hpp"
#include "util/file_lock.hpp"

namespace quemsi::test {
namespace {

Bystander nobody(World& /*world*/) { return {}; }

/// No worker starts while this is held.
Bystander hold_worker(World& world) {
  return std::make_shared<FileLock>(FileLock::lock(world.user().state_dir() / "worker.lock",
                                                   LockMode::exclusive, std::chrono::seconds(60)));
}

bool has_snapshot(World& world, const std::string& name) {
  return world.user().try_quemsi({"show", name}).exit_code == 0;
}

// -- snapshot, delete ---------------------------------------------------------

void after_snapshot(World& world) {
  world.require_live({world.main});
  if (has_snapshot(world, "new")) world.require_snapshot("new", world.main);
  world.require_snapshot("first", world.first);
}

void after_delete(World& world) {
  world.require_live({world.main});
  if (has_snapshot(world, "first")) world.require_snapshot("first", world.first);
}

// -- restore, undo --------------------------------------------------------------

void after_restore(World& world) {
  world.require_live({world.main, world.first});
  if (world.live() == world.first) world.user().quemsi({"undo", "--yes"});
  world.require_live({world.main});
  world.require_snapshot("first", world.first);
}

Bystander restored(World& world) {
  Bystander worker = hold_worker(world);
  world.user().quemsi({"restore", "first", "--yes"});
  return worker;
}

// -- following --------------------------------------------------------------------

void after_switch(World& world) {
  world.require_live({world.main, world.feature});
  world.user().git({"checkout", "-q"});
  world.require_live({world.feature});
  world.require_branch("main", world.main);
  world.require_snapshot("first", world.first);
}

/// Both databases are open, one of them with a log.
Bystander applications(World& world) {
  sqlite(world.app(), "PRAGMA journal_mode = wal;");
  return std::make_shared<std::pair<Application, Application>>(world.app(), world.jobs());
}

void after_inheriting(World& world) {
  world.require_live({world.main});
  world.user().git({"checkout", "-q"});
  world.require_live({world.main});
  sqlite(world.app(), "DELETE FROM users;");
  const State heir = world.live();
  world.require_branch("main", world.main);
  world.require_branch("heir", heir);
  world.require_branch("main", world.main);
}

// -- the background, recovery -------------------------------------------------------

/// Checkpoints to seal, copies to drop, evict and make again.
Bystander pending_work(World& world) {
  const Bystander held = hold_worker(world);
  world.user().git({"switch", "-q", "feature"});
  world.user().git({"switch", "-q", "main"});
  world.user().quemsi({"snapshot", "new", "--background"});
  world.user().quemsi({"delete", "--yes", "first"});
  return {};
}

void after_work(World& world) {
  world.require_live({world.main});
  world.require_snapshot("new", world.main);
}

/// A snapshot's chunks that nobody needs any more stand in packs beside others.
Bystander rubbish(World& world) {
  world.user().quemsi({"snapshot", "new"});
  const Bystander held = hold_worker(world);
  world.user().quemsi({"delete", "--yes", "first"});
  const nlohmann::json plan = world.user().json({"gc", "--dry-run"});
  require(plan.at("freed_bytes") > 0, "nothing is to be written again");
  return {};
}

Bystander killed_switch(World& world, double part) {
  const Fault kill{.name = "kill", .action = FAULT_KILL};
  Injection& injection = world.injection();
  injection.set(world.user(), "hook", kill, 0);
  world.user().git({"switch", "-q", "feature"});
  const auto at = static_cast<std::int64_t>(static_cast<double>(injection.calls()) * part);
  world.reset();
  injection.set(world.user(), "hook", kill, at);
  world.user().git({"switch", "-q", "feature"});
  Injection::clear(world.user());
  return hold_worker(world);
}

Bystander damaged_catalogue(World& world) {
  for (const char* suffix : {"-wal", "-shm"}) {
    std::filesystem::remove(world.user().state_dir() / (std::string("catalogue.db") + suffix));
  }
  write_file(world.user().state_dir() / "catalogue.db", std::string(4096, 'x'));
  return {};
}

void after_repair(World& world) {
  world.require_live({world.main});
  world.require_snapshot("first", world.first);
}

std::vector<Operation> make_operations() {
  const Words to_feature{"git", "switch", "-q", "feature"};
  std::vector<Operation> all{
      {"snapshot", "snapshot", {"git", "quemsi", "snapshot", "new"}, nobody, after_snapshot},
      {"delete", "delete", {"git", "quemsi", "delete", "--yes", "first"}, nobody, after_delete},
      {"restore", "restore", {"git", "quemsi", "restore", "--yes", "first"}, nobody, after_restore},
      {"undo", "undo", {"git", "quemsi", "undo", "--yes"}, restored, after_restore},
      {"switch", "hook", to_feature, nobody, after_switch},
      {"switch_in_use", "hook", to_feature, applications, after_switch},
      {"inherit", "hook", {"git", "switch", "-q", "-c", "heir"}, nobody, after_inheriting},
      {"worker", "worker", {"git-quemsi", "worker"}, pending_work, after_work},
      {"gc", "gc", {"git", "quemsi", "gc"}, rubbish, after_work},
      {"repair", "fsck", {"git", "quemsi", "fsck", "--repair"}, damaged_catalogue, after_repair},
  };
  // Usually two moments of its death stand for all.
  const std::vector<double> parts =
      strikes_all() ? std::vector{0.3, 0.5, 0.7, 0.9} : std::vector{0.5, 0.9};
  for (const double part : parts) {
    all.push_back({"recovery_" + std::to_string(static_cast<int>(part * 100)),
                   "status",
                   {"git", "quemsi", "status"},
                   [part](World& world) { return killed_switch(world, part); },
                   after_switch});
  }
  return all;
}

}  // namespace

const std::vector<Operation>& operations() {
  static const std::vector<Operation> all = make_operations();
  return all;
}

std::string problem_after(const Operation& operation, World& world) {
  try {
    if (operation.verb == "fsck") static_cast<void>(world.user().try_quemsi({"fsck", "--repair"}));
    world.user().quemsi({"status"});
    world.finish_background();
    world.require_order();
    operation.require_legal(world);
    world.require_branch("feature", world.feature);
    world.require_branch("main", world.main);
    return "";
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace quemsi::test

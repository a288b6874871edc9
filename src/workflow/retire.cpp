#include "workflow/retire.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "workflow/capture.hpp"
#include "workflow/copies.hpp"
#include "workflow/live.hpp"
#include "workflow/operation_lock.hpp"
#include "workflow/reconcile.hpp"
#include "workflow/seal.hpp"
#include "workflow/worktree_databases.hpp"

namespace quemsi {
namespace {

/// A removal of packs takes long only when the disk is slow.
constexpr std::chrono::seconds longest_wait_for_packs{60};

struct Remnant {
  RetiredDatabase outcome;
  std::unique_ptr<Database> database;      ///< null unless it is to be dropped
  std::optional<Token> token = {};         ///< of what is sealed
  std::optional<Image> image = {};         ///< that holds it
  std::optional<SealedImage> sealed = {};  ///< unless the base's image holds the same
};

void leave(Remnant& remnant, std::string problem, bool again) {
  remnant.outcome.fate = Fate::left;
  remnant.outcome.problem = std::move(problem);
  remnant.outcome.again = again;
  remnant.database.reset();
}

/// Until that is settled, what is live is only half of it.
bool was_interrupted(Project& project, const Owner& owner) {
  return std::ranges::any_of(project.catalogue().journal(), [&](const JournalEntry& entry) {
    return entry.worktree == owner.worktree;
  });
}

bool is_configured(Project& project, const std::string& name) {
  return std::ranges::count(database_names(project), name) > 0;
}

Remnant look_at(Project& project, const Owner& owner, const std::string& name,
                const std::string& location) {
  Remnant remnant{{.name = name, .location = location}, nullptr};
  if (is_in_use_elsewhere(project, owner, location)) {
    leave(remnant, "another worktree has it", false);
  } else if (!is_configured(project, name)) {
    leave(remnant, "the configuration names no such database any more", false);
  } else if (was_interrupted(project, owner)) {
    leave(remnant, "a command was killed while it exchanged it", true);
  }
  if (remnant.outcome.fate == Fate::left) return remnant;
  try {
    remnant.database = open_left_behind(project, owner, name);
    if (remnant.database->probe().exists) {
      remnant.outcome.fate = Fate::dropped;
    } else {
      remnant.database.reset();
    }
  } catch (const Error& error) {
    leave(remnant, error.what(), error.kind() != ErrorKind::config);
  }
  return remnant;
}

std::vector<Remnant> look(Project& project, const Owner& owner) {
  std::vector<Remnant> remnants;
  for (const auto& [name, location] : owner.locations) {
    remnants.push_back(look_at(project, owner, name, location));
  }
  return remnants;
}

RetiredWorktree report_of(const Owner& owner, const std::vector<Remnant>& remnants) {
  RetiredWorktree report{.worktree = owner.worktree, .databases = {}, .kept = std::nullopt};
  for (const Remnant& remnant : remnants) report.databases.push_back(remnant.outcome);
  return report;
}

/// True when its base holds it sealed, and provably still does.
bool is_kept(const Owner& owner, const std::optional<Snapshot>& base, Database& database,
             const std::string& name) {
  const Image* image = base ? find_image(*base, name) : nullptr;
  const auto token = owner.tokens.find(name);
  return image != nullptr && image->manifest && image->content == Content::all &&
         token != owner.tokens.end() && database.unchanged_since(token->second);
}

Image sealed_image(Project& project, const Remnant& remnant) {
  Image image = new_image(project, remnant.outcome.name, Content::all);
  image.engine = EngineRegistry::engine_of_url(remnant.outcome.location);
  image.parked.reset();
  return image;
}

void seal(Project& project, Remnant& remnant, Progress& progress) try {
  const std::unique_ptr<View> view = remnant.database->pin(Content::all);
  const Captured captured = view->captured();
  if (!captured.token) return leave(remnant, "whether it changes cannot be told", true);
  remnant.sealed = seal_unlisted(project, remnant.outcome.name, *view, progress);
  remnant.token = captured.token;
  remnant.image = sealed_image(project, remnant);
  remnant.image->bytes = captured.bytes;
} catch (const Error& error) {
  if (error.kind() == ErrorKind::cancelled) throw;
  leave(remnant, error.what(), true);
}

/// Sees to it that the store has everything.
void keep(Project& project, const Owner& owner, std::vector<Remnant>& remnants,
          Progress& progress) {
  const std::optional<Snapshot> base = base_snapshot(project, owner);
  for (Remnant& remnant : remnants) {
    if (!remnant.database) continue;
    const std::string& name = remnant.outcome.name;
    if (!is_kept(owner, base, *remnant.database, name)) {
      seal(project, remnant, progress);
      continue;
    }
    remnant.token = owner.tokens.at(name);
    remnant.image = sealed_image(project, remnant);
    hold_same_content(*remnant.image, *find_image(*base, name));
  }
}

Snapshot snapshot_of(Project& project, const Owner& owner, const std::vector<Remnant>& remnants) {
  Snapshot snapshot = new_snapshot(project, owner, SnapshotKind::checkpoint);
  snapshot.description =
      fmt::format("what the worktree '{}' had when it was removed", owner.worktree.str());
  if (!owner.branch) snapshot.commit.reset();
  for (const Remnant& remnant : remnants) {
    if (remnant.image) snapshot.images.push_back(*remnant.image);
  }
  return snapshot;
}

/// A branch that nobody has moved on since stands at what the worktree had of it.
void move_tip(Project& project, const Owner& owner, const Snapshot& snapshot) {
  if (!owner.branch) return;
  const std::optional<Tip> tip = project.catalogue().tip(*owner.branch);
  if (tip && tip->snapshot != owner.base) return;
  project.catalogue().set_tip({*owner.branch, owner.branch_name, snapshot.id});
}

/// From here on the owner record says that what is sealed is kept.
void enter(Project& project, Owner owner, const Snapshot& snapshot,
           const std::vector<Remnant>& remnants) {
  Catalogue& catalogue = project.catalogue();
  catalogue.insert_snapshot(snapshot);
  move_tip(project, owner, snapshot);
  owner.branch.reset();
  owner.base = snapshot.id;
  owner.tokens.clear();
  for (const Remnant& remnant : remnants) {
    if (remnant.sealed) catalogue.set_sealed(remnant.image->id, *remnant.sealed);
    if (remnant.token) owner.tokens.emplace(remnant.outcome.name, *remnant.token);
  }
  catalogue.set_owner(owner);
}

/// A snapshot of what no other one holds; none when there is no such.
std::optional<Snapshot> list_what_is_new(Project& project, const Owner& owner,
                                         const std::vector<Remnant>& remnants) {
  const bool is_new = std::ranges::any_of(
      remnants, [](const Remnant& remnant) { return remnant.sealed.has_value(); });
  if (!is_new) return std::nullopt;
  const Snapshot snapshot = snapshot_of(project, owner, remnants);
  project.catalogue().transaction([&] { enter(project, owner, snapshot, remnants); });
  write_snapshot_record(project, snapshot.id);
  return snapshot;
}

void drop(Project& project, const Owner& owner, Remnant& remnant) {
  WorktreeDatabases left_behind(project, owner);
  const std::vector<ParkedCopy> copies{{remnant.outcome.name, parked_name(new_image_id())}};
  const std::int64_t journal = announce_copies(project, left_behind, copies);
  try {
    remnant.database->drop_live(remnant.token.value(), copies.front().name);
  } catch (const Error& error) {
    leave(remnant, error.what(), true);
  }
  discard_copies(project, left_behind, journal, copies);
}

void forget_when_done(Project& project, const Owner& owner, const std::vector<Remnant>& remnants) {
  const bool again =
      std::ranges::any_of(remnants, [](const Remnant& remnant) { return remnant.outcome.again; });
  if (again) return;
  Catalogue& catalogue = project.catalogue();
  catalogue.transaction([&] {
    catalogue.remove_owner(owner.worktree);
    catalogue.forget_gone(GoneKind::worktree, owner.worktree.str());
  });
}

std::optional<RetiredWorktree> retire_one(Project& project, const Owner& owner,
                                          Progress& progress) {
  const auto hold = project.store().hold_packs(longest_wait_for_packs);
  std::vector<Remnant> remnants = look(project, owner);
  keep(project, owner, remnants, progress);
  const OperationLock lock(project);
  reconcile_locked(project);
  // Somebody may have made it again meanwhile: then everything is his.
  if (project.repository().has_worktree(owner.worktree)) return std::nullopt;
  const std::optional<Snapshot> kept = list_what_is_new(project, owner, remnants);
  for (Remnant& remnant : remnants) {
    if (remnant.database) drop(project, owner, remnant);
  }
  forget_when_done(project, owner, remnants);
  RetiredWorktree report = report_of(owner, remnants);
  report.kept = kept;
  return report;
}

}  // namespace

std::string_view to_string(Fate fate) {
  switch (fate) {
    case Fate::gone:
      return "gone";
    case Fate::dropped:
      return "dropped";
    case Fate::left:
      break;
  }
  return "left";
}

std::vector<RetiredWorktree> plan_retirement(Project& project, const std::vector<Owner>& removed) {
  std::vector<RetiredWorktree> reports;
  reports.reserve(removed.size());
  for (const Owner& owner : removed) reports.push_back(report_of(owner, look(project, owner)));
  return reports;
}

std::vector<RetiredWorktree> retire(Project& project, const std::vector<Owner>& removed,
                                    Progress& progress) {
  std::vector<RetiredWorktree> reports;
  for (const Owner& owner : removed) {
    progress.check_cancelled();
    if (auto report = retire_one(project, owner, progress)) reports.push_back(std::move(*report));
  }
  return reports;
}

}  // namespace quemsi

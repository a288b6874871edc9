#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "workflow/arrange.hpp"
#include "workflow/capture.hpp"
#include "workflow/copies.hpp"
#include "workflow/exchange.hpp"
#include "workflow/last_operation.hpp"
#include "workflow/live.hpp"
#include "workflow/reconcile.hpp"
#include "workflow/room.hpp"

namespace quemsi {
namespace {

/// What is left alone is neither in the target nor anywhere else.
bool is_all(Project& project, const Arrangement& arrangement, const Snapshot& target) {
  return std::ranges::none_of(arrangement.left_alone, [&](const std::string& name) {
    return find_image(target, name) != nullptr || project.database(name).probe().exists;
  });
}

/// Builds one exchange out of an arrangement.
class Builder {
 public:
  Builder(Project& project, const Owner& owner, const ExchangeRequest& request, Progress& progress)
      : project_(project),
        owner_(owner),
        request_(request),
        progress_(progress),
        base_(base_snapshot(project, owner)),
        arrangement_(arrange(project, owner, request)),
        whole_(request.content == Content::all && is_all(project, arrangement_, request.target)),
        exchange_{.kind = request.kind, .steps = {}, .made = {}, .outcome = {.owner = owner}} {}

  RestoreResult run();
  /// True when what was arranged as unchanged is so no more.
  [[nodiscard]] bool was_changed_meanwhile() const;

 private:
  /// The branch that the live databases stood for is left, with all that it has.
  [[nodiscard]] bool leaves() const;
  /// Afterwards live is what the target is; else what it was, with some of it replaced.
  [[nodiscard]] bool arrives() const;
  [[nodiscard]] std::optional<Token> expected_token(const Arranged& arranged) const;
  void decide_what_is_kept();
  void plan_database(const Arranged& arranged);
  void keep_outgoing(const Arranged& arranged, const ParkedName& outgoing, Image image);
  void keep_left_alone();
  ParkedName incoming(const Arranged& arranged);
  void make_copies();
  void make_incoming(const Arranged& arranged, const ParkedName& name);
  void set_owner();
  void set_tips();
  void leave_tip();
  void set_history();
  void take_images();
  void clean_up();

  [[nodiscard]] const Image* base_image(const std::string& database) const {
    return base_ ? find_image(*base_, database) : nullptr;
  }

  Project& project_;
  const Owner& owner_;
  const ExchangeRequest& request_;
  Progress& progress_;
  std::optional<Snapshot> base_;
  Arrangement arrangement_;
  bool whole_;  ///< live will be all that the target is
  Exchange exchange_;
  std::vector<std::pair<Arranged, ParkedName>> to_make_;
  std::vector<std::pair<std::string, ParkedName>> to_copy_;
  std::vector<ParkedCopy> announced_;
  std::int64_t journal_ = 0;
};

bool Builder::leaves() const {
  if (request_.kind == "switch") return true;
  return owner_.branch && (!request_.branch || owner_.branch != request_.branch->key);
}

bool Builder::arrives() const { return whole_ || request_.kind == "switch"; }

/// A restore touches what it was asked for, unless it leaves the branch.
void Builder::decide_what_is_kept() {
  const auto changed = [](const Arranged& item) { return item.dirty && item.had_live; };
  bool keep = std::any_of(arrangement_.databases.begin(), arrangement_.databases.end(), changed);
  if (leaves()) {
    keep = keep || std::any_of(arrangement_.left_alone.begin(), arrangement_.left_alone.end(),
                               [&](const std::string& name) {
                                 return is_dirty(project_, owner_, name) &&
                                        project_.database(name).probe().exists;
                               });
  }
  if (!keep) return;
  // What a branch stands at from now on is no mere precaution.
  const SnapshotKind kind = leaves() ? SnapshotKind::checkpoint : SnapshotKind::safety;
  exchange_.outcome.kept = new_snapshot(project_, owner_, kind);
}

/// What leaves unchanged is the base's content: sealed already, or parked again.
void Builder::keep_outgoing(const Arranged& arranged, const ParkedName& outgoing, Image image) {
  ExchangeOutcome& outcome = exchange_.outcome;
  const Image* base = arranged.dirty ? nullptr : base_image(arranged.image.database);
  if (outcome.kept) {
    image.bytes = base != nullptr ? base->bytes : project_.database(image.database).probe().bytes;
    if (base != nullptr) {
      image.manifest = base->manifest;
      image.packs = base->packs;
    }
    outcome.kept->images.push_back(std::move(image));
  } else if (base != nullptr && !base->parked) {
    outcome.parked.push_back({base->id, outgoing});
  } else {
    outcome.redundant.push_back({arranged.image.database, outgoing});
  }
}

/// What comes out may be dropped, or pass for the base, only if nobody writes to it until then.
std::optional<Token> Builder::expected_token(const Arranged& arranged) const {
  const auto token = owner_.tokens.find(arranged.image.database);
  if (arranged.dirty || !arranged.had_live || token == owner_.tokens.end()) return std::nullopt;
  return token->second;
}

bool Builder::was_changed_meanwhile() const {
  return std::any_of(
      arrangement_.databases.begin(), arrangement_.databases.end(), [&](const Arranged& arranged) {
        return expected_token(arranged) && is_dirty(project_, owner_, arranged.image.database);
      });
}

ParkedName Builder::incoming(const Arranged& arranged) {
  if (arranged.means == Means::swap) {
    exchange_.outcome.parked.push_back({arranged.image.id, std::nullopt});
    return *arranged.image.parked;
  }
  ParkedName name = parked_name(new_image_id());
  to_make_.emplace_back(arranged, name);
  exchange_.made.push_back({arranged.image.database, name});
  return name;
}

void Builder::plan_database(const Arranged& arranged) {
  ExchangeOutcome& outcome = exchange_.outcome;
  const std::string& name = arranged.image.database;
  Image image = new_image(project_, name, Content::all);
  if (arranged.means == Means::keep) {
    if (!outcome.kept) return;
    hold_same_content(image, arranged.image);
    outcome.kept->images.push_back(std::move(image));
    return;
  }
  const ParkedName outgoing = *image.parked;
  exchange_.steps.push_back({.database = name,
                             .incoming = incoming(arranged),
                             .outgoing = outgoing,
                             .had_live = arranged.had_live,
                             .expected = expected_token(arranged)});
  if (arranged.had_live) keep_outgoing(arranged, outgoing, std::move(image));
  if (request_.content == Content::all) outcome.proven.push_back(name);
}

/// The checkpoint of a branch holds every database, moved or not.
void Builder::keep_left_alone() {
  ExchangeOutcome& outcome = exchange_.outcome;
  if (!outcome.kept || !leaves()) return;
  for (const std::string& name : arrangement_.left_alone) {
    if (!project_.database(name).probe().exists) continue;
    Image image = new_image(project_, name, Content::all);
    to_copy_.emplace_back(name, *image.parked);
    outcome.kept->images.push_back(std::move(image));
  }
}

void Builder::make_incoming(const Arranged& arranged, const ParkedName& name) {
  Database& database = project_.database(arranged.image.database);
  require_room(project_, arranged.image.database, arranged.image.bytes);
  if (arranged.means == Means::clone) {
    database.clone_parked(*arranged.image.parked, name, progress_);
  } else {
    const auto image = project_.store().read_image(*arranged.image.manifest);
    database.materialise(*image, name, progress_);
  }
  if (request_.content == Content::schema) database.empty_parked(name);
}

void Builder::make_copies() {
  for (const auto& [arranged, name] : to_make_) {
    announced_.push_back({arranged.image.database, name});
  }
  for (const auto& [database, name] : to_copy_) announced_.push_back({database, name});
  journal_ = announced_.empty() ? 0 : announce_copies(project_, announced_);
  for (const auto& [arranged, name] : to_make_) make_incoming(arranged, name);
  for (const auto& [database, name] : to_copy_) {
    static_cast<void>(
        project_.database(database).copy_live(name, Content::all, CopyLimit::none, progress_));
  }
}

void Builder::set_owner() {
  Owner& after = exchange_.outcome.owner;
  after = owner_;
  after.tokens.clear();
  after.branch.reset();
  after.branch_name.clear();
  if (request_.branch) {
    after.branch = request_.branch->key;
    after.branch_name = request_.branch->name;
  }
  if (arrangement_.absorbs) {
    exchange_.outcome.absorbed = {request_.target.id};
    exchange_.outcome.proven.clear();
    after.base = request_.target.parent;
    return;
  }
  const auto keep_token = [&](const std::string& database) {
    const auto token = owner_.tokens.find(database);
    if (token != owner_.tokens.end()) after.tokens.insert(*token);
  };
  for (const Arranged& arranged : arrangement_.databases) {
    if (arranged.means == Means::keep) keep_token(arranged.image.database);
  }
  if (arrives()) {
    after.base = request_.target.id;
    return;
  }
  // What is replaced differs from the base from now on.
  exchange_.outcome.proven.clear();
  for (const std::string& name : arrangement_.left_alone) keep_token(name);
}

/// A branch that another worktree has moved on since stays where it is then.
void Builder::leave_tip() {
  ExchangeOutcome& outcome = exchange_.outcome;
  const std::optional<SnapshotId> left = outcome.kept ? outcome.kept->id : owner_.base;
  if (!left) return;
  const std::optional<Tip> tip = project_.catalogue().tip(*owner_.branch);
  if (!tip || !owner_.base || tip->snapshot == owner_.base) {
    outcome.tips.push_back({*owner_.branch, owner_.branch_name, *left});
  } else if (outcome.kept) {
    project_.notice(fmt::format(
        "'{0}' has moved on in another worktree: what it had here is kept as {1}, `git switch {0}` "
        "brings what it has there",
        owner_.branch_name, left->str()));
  }
}

void Builder::set_tips() {
  if (leaves() && owner_.branch) leave_tip();
  if (request_.branch && !arrangement_.absorbs && arrives()) {
    exchange_.outcome.tips.push_back(
        {request_.branch->key, request_.branch->name, request_.target.id});
  }
}

void Builder::set_history() {
  const std::optional<Snapshot>& kept = exchange_.outcome.kept;
  const std::optional<SnapshotId> before = kept ? kept->id : owner_.base;
  if (!before || exchange_.steps.empty()) return;
  std::vector<std::string> databases;
  for (const SwapStep& step : exchange_.steps) databases.push_back(step.database);
  exchange_.outcome.history = to_payload({request_.what, *before, std::move(databases)});
}

RestoreResult Builder::run() {
  decide_what_is_kept();
  for (const Arranged& arranged : arrangement_.databases) plan_database(arranged);
  keep_left_alone();
  set_owner();
  set_tips();
  set_history();
  take_images();
  RestoreResult result{request_.target, {}, exchange_.outcome.kept, describe(arrangement_)};
  try {
    make_copies();
    carry_out(project_, std::move(exchange_), journal_);
  } catch (...) {
    clean_up();
    throw;
  }
  add_missing_tasks(project_);
  return result;
}

/// An engine can neither rename nor copy what the worker has open.
void Builder::take_images() {
  std::vector<ImageId> images;
  for (const Arranged& arranged : arrangement_.databases) {
    if (arranged.means != Means::keep) images.push_back(arranged.image.id);
  }
  take_from_worker(project_, images);
}

/// The copies are ours to remove until the exchange's own journal entry took them over.
void Builder::clean_up() {
  add_missing_tasks(project_);
  if (journal_ == 0) return;
  const std::vector<JournalEntry> left = project_.catalogue().journal();
  const bool ours = std::any_of(left.begin(), left.end(),
                                [&](const JournalEntry& entry) { return entry.id == journal_; });
  if (ours) try_to_discard_copies(project_, journal_, announced_);
}

}  // namespace

RestoreResult exchange_to(Project& project, const Owner& owner, const ExchangeRequest& request,
                          Progress& progress) {
  std::optional<Builder> first(std::in_place, project, owner, request, progress);
  try {
    return first->run();
  } catch (const Error& error) {
    // What is in the journal still has to be finished or taken back, not done again.
    if (error.kind() == ErrorKind::cancelled || needs_reconciling(project)) throw;
    const bool other_means = forget_missing_copies(project, request.target);
    if (!other_means && !first->was_changed_meanwhile()) throw;
  }
  ExchangeRequest again = request;
  again.target = project.catalogue().snapshot(request.target.id).value_or(request.target);
  return Builder(project, owner, again, progress).run();
}

}  // namespace quemsi

#include "workflow/pin.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "util/fd.hpp"
#include "util/file_lock.hpp"
#include "util/process.hpp"
#include "workflow/capture.hpp"
#include "workflow/copies.hpp"
#include "workflow/live.hpp"
#include "workflow/pin_failure.hpp"
#include "workflow/seal.hpp"
#include "workflow/take.hpp"
#include "workflow/worker_log.hpp"

namespace quemsi {
namespace {

/// The process has to start and to open its views, nothing more.
constexpr std::chrono::seconds longest_start{20};

std::filesystem::path pin_lock(Project& project, const SnapshotId& id) {
  return project.state_dir() / ("pin-" + id.str() + ".lock");
}

constexpr const char* no_view = "cannot hold a view of the databases";

[[noreturn]] void throw_refusal(const nlohmann::json& refusal) {
  Error error(ErrorKind::engine, no_view);
  for (const nlohmann::json& cause : refusal.at("causes")) error.cause(cause.get<std::string>());
  for (const nlohmann::json& hint : refusal.at("hints")) error.hint(hint.get<std::string>());
  throw error;
}

/// What the process says when it holds the views: tokens by database. Throws what kept it from
/// that.
std::map<std::string, Token> parse_answer(const std::string& line) {
  const nlohmann::json answer = nlohmann::json::parse(line);
  if (answer.contains("refusal")) throw_refusal(answer.at("refusal"));
  std::map<std::string, Token> tokens;
  for (const auto& [name, token] : answer.at("tokens").items()) {
    tokens.emplace(name, Token(token.get<std::string>()));
  }
  return tokens;
}

void say(Fd pipe, const nlohmann::json& answer) {
  constexpr auto replace = nlohmann::json::error_handler_t::replace;
  const std::string line = answer.dump(-1, ' ', false, replace) + "\n";
  write_all(pipe, std::as_bytes(std::span(line.data(), line.size())), "the pipe");
}

void say_ready(Fd pipe, const std::map<std::string, Token>& tokens) {
  nlohmann::json object = nlohmann::json::object();
  for (const auto& [name, token] : tokens) object[name] = token.str();
  say(std::move(pipe), {{"tokens", object}});
}

void say_refused(Fd pipe, const Error& error) {
  std::vector<std::string> causes{error.what()};
  causes.insert(causes.end(), error.causes().begin(), error.causes().end());
  say(std::move(pipe), {{"refusal", {{"causes", causes}, {"hints", error.hints()}}}});
}

/// Returns once the process holds the views.
std::map<std::string, Token> start(Project& project, const SnapshotId& id) {
  const Fd ready =
      start_detached_with_pipe({project.options().program.string(), "worker", "--pin", id.str()},
                               project.repository().top(), worker_log(project), {});
  if (const std::optional<std::string> line = read_line(ready, longest_start)) {
    return parse_answer(*line);
  }
  throw Error(ErrorKind::engine, no_view)
      .cause("the background process ended early; see " + worker_log(project).string())
      .hint("git quemsi snapshot    takes one in the foreground");
}

struct HeldView {
  Image image;
  std::unique_ptr<View> view;
};

std::vector<HeldView> open_views(Project& project, const Snapshot& snapshot) {
  std::vector<HeldView> held;
  for (const Image& image : snapshot.images) {
    if (!needs_capture(image)) continue;
    held.push_back({image, project.database(image.database).pin(image.content)});
  }
  return held;
}

std::map<std::string, Token> tokens_of(const std::vector<HeldView>& views) {
  std::map<std::string, Token> tokens;
  for (const HeldView& held : views) {
    const std::optional<Token>& token = held.view->captured().token;
    if (token) tokens.emplace(held.image.database, *token);
  }
  return tokens;
}

/// Ends the views one by one: what they hold back may go on.
void seal_views(Project& project, const SnapshotId& id, std::vector<HeldView> views,
                Progress& progress) {
  for (HeldView& held : views) {
    seal_view(project, held.image.id, *held.view, progress);
    held.view.reset();
  }
  project.catalogue().set_pending(id, false);
  write_snapshot_record(project, id);
  remove_file(pin_lock(project, id));
}

/// Enters the snapshot as pending. Returns the tokens of what needs no reading.
std::map<std::string, Token> insert_pending(Project& project, const Owner& owner,
                                            Snapshot& snapshot,
                                            const std::vector<std::string>& databases,
                                            Content content) {
  std::map<std::string, Token> known;
  for (CapturedDatabase& planned : plan_capture(project, owner, databases, content)) {
    Image& image = planned.image;
    if (planned.token) known.emplace(image.database, *planned.token);
    if (needs_capture(image)) image.bytes = project.database(image.database).probe().bytes;
    image.parked.reset();
    snapshot.images.push_back(std::move(image));
  }
  snapshot.pending = true;
  project.catalogue().insert_snapshot(snapshot);
  return known;
}

/// Sealed, or parked by somebody who left the branch meanwhile.
bool is_kept(const Image& image) { return image.manifest || image.parked; }

/// The worker does the rest.
void finish(Project& project, const SnapshotId& id) {
  project.catalogue().set_pending(id, false);
  add_task(project, task_record, id.str());
  add_missing_tasks(project);
}

bool live_is_unchanged(Project& project, const Snapshot& snapshot) {
  const std::optional<Owner> owner = project.catalogue().owner(project.repository().worktree());
  if (!owner || owner->base != snapshot.id) return false;
  return std::none_of(snapshot.images.begin(), snapshot.images.end(), [&](const Image& image) {
    return is_dirty(project, *owner, image.database);
  });
}

/// The pin's content is still live: copies it for good, however long it takes.
bool take_again(Project& project, const Snapshot& snapshot) {
  if (!live_is_unchanged(project, snapshot)) return false;
  std::vector<Image> missing = snapshot.images;
  std::erase_if(missing, is_kept);
  std::vector<ParkedCopy> copies;
  for (const Image& image : missing) copies.push_back({image.database, parked_name(image.id)});
  const std::int64_t journal = announce_copies(project, copies);
  for (const Image& image : missing) {
    static_cast<void>(
        project.database(image.database)
            .copy_live(parked_name(image.id), image.content, CopyLimit::none, no_progress()));
  }
  if (!live_is_unchanged(project, snapshot)) {
    discard_copies(project, journal, copies);
    return false;
  }
  Catalogue& catalogue = project.catalogue();
  catalogue.transaction([&] {
    for (const Image& image : missing) catalogue.set_parked(image.id, parked_name(image.id));
    finish(project, snapshot.id);
    catalogue.remove_journal(journal);
  });
  return true;
}

std::string give_up(Project& project, const Snapshot& snapshot, const std::string& why) {
  const std::string what =
      snapshot.kind == SnapshotKind::manual
          ? fmt::format("snapshot {}",
                        snapshot.tags.empty() ? snapshot.id.str() : snapshot.tags.front())
          : fmt::format("the state that '{}' had when you left it", snapshot.branch);
  const std::string line = fmt::format(
      "LOST: {} could not be read to its end, and the database has changed since: {}", what, why);
  Catalogue& catalogue = project.catalogue();
  catalogue.transaction([&] {
    const std::int64_t task =
        catalogue.add_task(std::string(task_pin), snapshot.id.str(), project.now());
    catalogue.fail_task(task, line);
    catalogue.remove_snapshot(snapshot.id);
  });
  return line;
}

std::string recover_orphan(Project& project, const Snapshot& snapshot) {
  const std::string& id = snapshot.id.str();
  if (std::ranges::all_of(snapshot.images, is_kept)) {
    project.catalogue().transaction([&] { finish(project, snapshot.id); });
    return fmt::format("finished reading snapshot {}", id);
  }
  const std::string why = read_pin_failure(project, snapshot.id);
  if (!take_again(project, snapshot)) return give_up(project, snapshot, why);
  return fmt::format("took snapshot {} again, since the data is unchanged: {}", id, why);
}

}  // namespace

Snapshot pin_snapshot(Project& project, const Owner& owner, Snapshot snapshot,
                      const std::vector<std::string>& databases, Content content) {
  std::map<std::string, Token> known = insert_pending(project, owner, snapshot, databases, content);
  Catalogue& catalogue = project.catalogue();
  try {
    known.merge(start(project, snapshot.id));
  } catch (...) {
    catalogue.remove_snapshot(snapshot.id);
    throw;
  }
  catalogue.transaction([&] { stand_at(project, owner, snapshot, known); });
  return snapshot;
}

Snapshot read_snapshot(Project& project, const Owner& owner, Snapshot snapshot,
                       const std::vector<std::string>& databases, Content content,
                       std::optional<OperationLock>& lock, Progress& progress) {
  const SnapshotId id = snapshot.id;
  const FileLock reading =
      FileLock::lock(pin_lock(project, id), LockMode::exclusive, longest_start);
  Catalogue& catalogue = project.catalogue();
  try {
    std::map<std::string, Token> tokens =
        insert_pending(project, owner, snapshot, databases, content);
    std::vector<HeldView> views = open_views(project, snapshot);
    tokens.merge(tokens_of(views));
    catalogue.transaction([&] { stand_at(project, owner, snapshot, tokens); });
    lock.reset();
    seal_views(project, id, std::move(views), progress);
  } catch (...) {
    // Live still holds everything: there is only no snapshot of it.
    catalogue.remove_snapshot(id);
    remove_file(pin_lock(project, id));
    throw;
  }
  return catalogue.snapshot(id).value_or(snapshot);
}

bool is_being_read(Project& project, const Snapshot& snapshot) {
  return !FileLock::try_lock(pin_lock(project, snapshot.id), LockMode::exclusive);
}

std::string recover_pin(Project& project, const Snapshot& snapshot) {
  remove_file(pin_lock(project, snapshot.id));
  std::string done = recover_orphan(project, snapshot);
  forget_pin_failure(project, snapshot.id);
  return done;
}

void run_pin(Project& project, const SnapshotId& id, int ready) {
  Fd pipe(ready);
  // Somebody who asks whether the pin is being read holds the lock for an instant.
  const FileLock lock = FileLock::lock(pin_lock(project, id), LockMode::exclusive, longest_start);
  const std::optional<Snapshot> snapshot = project.catalogue().snapshot(id);
  if (!snapshot || !snapshot->pending) return;
  std::vector<HeldView> views;
  try {
    views = open_views(project, *snapshot);
  } catch (const Error& error) {
    say_refused(std::move(pipe), error);
    throw;
  }
  say_ready(std::move(pipe), tokens_of(views));
  try {
    seal_views(project, id, std::move(views), no_progress());
  } catch (const std::exception& error) {
    write_pin_failure(project, id, error);
    throw;
  }
}

}  // namespace quemsi

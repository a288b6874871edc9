#include "engine/common/serving_database.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/common/image_copy.hpp"
#include "engine/common/once_told.hpp"
#include "util/disk.hpp"
#include "util/text.hpp"

namespace quemsi {
namespace {

Error with_reasons(Error error, const Error& why) {
  for (const std::string& cause : why.causes()) error.cause(cause);
  for (const std::string& hint : why.hints()) error.hint(hint);
  return error;
}

/// What it means for their user that databases cannot be renamed.
Error copies_rows(const Error& why) {
  return with_reasons(
      Error(why.kind(), std::string(why.what()) + " by renaming: switches copy its rows"), why);
}

/// `subject`: what it is that copies.
std::string copying(const Error& why, const char* subject) {
  return fmt::format("{} by renaming ({}): {} its rows; {}", why.what(), join(why.causes(), ", "),
                     subject, why.hints().at(0));
}

}  // namespace

ServingDatabase::ServingDatabase(std::unique_ptr<Database> renaming,
                                 std::unique_ptr<InPlace> in_place, const ParkedRegistry& registry,
                                 std::function<void(const std::string&)> notice)
    : renaming_(std::move(renaming)),
      in_place_(std::move(in_place)),
      registry_(registry),
      folder_(registry.folder()),
      notice_(std::move(notice)) {}

const std::optional<Error>& ServingDatabase::obstacle() const {
  if (!asked_) obstacle_ = in_place_->rename_obstacle();
  asked_ = true;
  return obstacle_;
}

void ServingDatabase::tell_of_copying() const {
  constexpr const char* key = "in-place";
  const OnceTold once(registry_.folder());
  once.remember(key, copying(obstacle().value(), "switches copy"));
  once.tell(key, notice_);
}

bool ServingDatabase::must_copy(const ParkedName& incoming) const {
  const auto why = in_place_->reason_to_copy(incoming);
  if (why && notice_) notice_(copying(*why, "this exchange copies"));
  return why.has_value();
}

Probe ServingDatabase::probe() {
  if (may_rename()) return renaming_->probe();
  Probe probe = in_place_->probe();
  if (probe.exists) tell_of_copying();
  return probe;
}

std::vector<Finding> ServingDatabase::examine() {
  std::vector<Finding> findings = renaming_->examine();
  if (const std::optional<Error>& why = obstacle()) {
    findings.push_back({Severity::warning, copies_rows(*why)});
  }
  return findings;
}

std::optional<std::uint64_t> ServingDatabase::free_bytes() {
  return obstacle() ? free_space(registry_.folder()) : renaming_->free_bytes();
}

std::optional<Captured> ServingDatabase::copy_live(const ParkedName& to, Content content,
                                                   CopyLimit limit, Progress& progress) {
  if (content == Content::all && limit != CopyLimit::none) return std::nullopt;
  if (may_rename()) return renaming_->copy_live(to, content, limit, progress);
  const std::unique_ptr<View> view = renaming_->pin(content);
  spool(*view, to, progress);
  return view->captured();
}

std::unique_ptr<View> ServingDatabase::open_parked(const ParkedName& name) {
  return is_file(name) ? view_of(folder_.open(name)) : renaming_->open_parked(name);
}

std::vector<ParkedInfo> ServingDatabase::list_parked() {
  const std::vector<ParkedName> moving = in_place_->settle_publish();
  std::vector<ParkedInfo> infos = renaming_->list_parked();
  for (ParkedInfo& file : folder_.list()) {
    const auto same = std::ranges::find(infos, file.name, &ParkedInfo::name);
    if (same == infos.end()) {
      infos.push_back(std::move(file));
    } else {
      same->bytes += file.bytes;
    }
  }
  std::erase_if(infos, [&](const ParkedInfo& info) {
    return std::ranges::find(moving, info.name) != moving.end();
  });
  std::ranges::sort(infos, {}, &ParkedInfo::name);
  return infos;
}

void ServingDatabase::clone_parked(const ParkedName& from, const ParkedName& to,
                                   Progress& progress) {
  if (is_file(from)) return folder_.link(from, to);
  if (may_rename()) return renaming_->clone_parked(from, to, progress);
  spool(*renaming_->open_parked(from), to, progress);
}

void ServingDatabase::empty_parked(const ParkedName& name) {
  if (!is_file(name)) return renaming_->empty_parked(name);
  const ImageFile file = folder_.open(name);
  const auto draft = folder_.redraft(name);
  in_place_->write_emptied(file, *draft);
  draft->close();
  draft->commit();
}

void ServingDatabase::materialise(const ImageSource& image, const ParkedName& to,
                                  Progress& progress) {
  if (may_rename()) return renaming_->materialise(image, to, progress);
  const auto draft = folder_.draft(to);
  progress.begin("writing " + to.str(), 0);
  in_place_->write_verified(image, *draft, progress);
  draft->close();
  draft->commit();
  progress.end();
}

void ServingDatabase::drop_parked(const ParkedName& name) {
  const std::vector<ParkedName> moving = in_place_->settle_publish();
  if (std::ranges::find(moving, name) != moving.end()) {
    throw Error(ErrorKind::busy, "the parked copy " + name.str() + " is being restored elsewhere");
  }
  if (is_marked(name)) renaming_->drop_parked(name);
  folder_.remove(name);
}

std::string ServingDatabase::parked_url(const ParkedName& name) const {
  if (!is_file(name)) return renaming_->parked_url(name);
  const Error error(ErrorKind::unsupported,
                    "the copy is a file, to which no application can connect");
  throw with_reasons(error, obstacle().value_or(error))
      .hint(
          "or restore it into a database that exists: git quemsi restore SNAPSHOT --to URL "
          "--replace");
}

void ServingDatabase::publish(const ParkedName& name, const DatabaseSpec& target, bool replace) {
  if (!may_rename() || (!is_file(name) && must_copy(name))) {
    ensure_file(name, no_progress());
    in_place_->publish(name, target, replace);
    return drop_parked(name);
  }
  if (is_file(name) && !is_marked(name)) {
    renaming_->materialise(folder_.open(name), name, no_progress());
  }
  renaming_->publish(name, target, replace);
  folder_.remove(name);
}

void ServingDatabase::spool(View& view, const ParkedName& to, Progress& progress) {
  const auto draft = folder_.draft(to);
  view.write(*draft, progress);
  draft->close();
  draft->commit();
}

void ServingDatabase::ensure_file(const ParkedName& name, Progress& progress) {
  if (!is_file(name)) spool(*renaming_->open_parked(name), name, progress);
}

std::string ServingDatabase::plan_swap(const ParkedName& incoming, const ParkedName& outgoing) {
  const bool elsewhere = !is_file(incoming);
  if (elsewhere && may_rename() && !must_copy(incoming)) {
    return renaming_->plan_swap(incoming, outgoing);
  }
  return in_place_->plan(incoming, outgoing, elsewhere);
}

std::optional<Token> ServingDatabase::swap(const std::string& plan,
                                           const std::optional<Token>& expected) {
  const auto incoming = in_place_->incoming_of(plan);
  if (!incoming) return renaming_->swap(plan, expected);
  ensure_file(*incoming, no_progress());
  auto token = in_place_->exchange(plan, expected);
  if (!is_marked(*incoming)) return token;
  renaming_->drop_parked(*incoming);
  return std::nullopt;
}

Settled ServingDatabase::settle(const std::string& plan) {
  const auto incoming = in_place_->incoming_of(plan);
  if (!incoming) return renaming_->settle(plan);
  const Settled settled = in_place_->settle(plan, is_marked(*incoming));
  if (settled == Settled::done && is_marked(*incoming)) renaming_->drop_parked(*incoming);
  return settled;
}

void ServingDatabase::drop_live(const Token& token, const ParkedName& by_way_of) {
  if (const std::optional<Error>& why = obstacle()) throw *why;
  renaming_->drop_live(token, by_way_of);
}

}  // namespace quemsi

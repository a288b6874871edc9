#include "engine/postgresql/serving_database.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/postgresql/in_place/exchange.hpp"
#include "engine/postgresql/probe.hpp"
#include "quemsi/error.hpp"
#include "util/atomic_file.hpp"
#include "util/disk.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// What `why` databases cannot be renamed means for their user.
Error copies_rows(const Error& why) {
  Error error(why.kind(), std::string(why.what()) + " by renaming: switches copy its rows");
  for (const std::string& cause : why.causes()) error.cause(cause);
  for (const std::string& hint : why.hints()) error.hint(hint);
  return error;
}

}  // namespace

ServingDatabase::ServingDatabase(const DatabaseSpec& spec, const EngineContext& context)
    : server_(spec, context),
      registry_(context.state_dir, spec.name),
      renaming_(server_, registry_),
      in_place_(server_, registry_.folder()) {}

const std::optional<Error>& ServingDatabase::obstacle() const {
  if (asked_) return obstacle_;
  Loan loan = server_.borrow();
  return obstacle(loan.get());
}

const std::optional<Error>& ServingDatabase::obstacle(Connection& connection) const {
  if (!asked_) obstacle_ = rename_obstacle(connection, server_.live());
  asked_ = true;
  return obstacle_;
}

void ServingDatabase::tell_of_copying() const {
  const std::filesystem::path told = registry_.folder() / "in-place";
  const Error& why = obstacle().value();
  const std::string line = fmt::format("{} by renaming ({}): switches copy its rows; {}",
                                       why.what(), join(why.causes(), ", "), why.hints().at(0));
  if (read_text_file_if_exists(told) == line + "\n") return;
  server_.notice(line);
  make_parked_folder(registry_.folder());
  AtomicFile file(told);
  file.write(line + "\n");
  file.commit();
}

Probe ServingDatabase::probe() {
  Loan loan = server_.borrow();
  if (!obstacle(loan.get())) return postgresql_engine::probe(server_, loan.get());
  Probe probe = in_place_.probe(loan.get());
  if (probe.exists) tell_of_copying();
  return probe;
}

std::vector<Finding> ServingDatabase::examine() {
  std::vector<Finding> findings = renaming_.examine();
  if (const std::optional<Error>& why = obstacle()) {
    findings.push_back({Severity::warning, copies_rows(*why)});
  }
  return findings;
}

std::optional<std::uint64_t> ServingDatabase::free_bytes() {
  return obstacle() ? free_space(registry_.folder()) : renaming_.free_bytes();
}

std::optional<Captured> ServingDatabase::copy_live(const ParkedName& to, Content content,
                                                   CopyLimit limit, Progress& progress) {
  if (content == Content::all && limit != CopyLimit::none) return std::nullopt;
  if (may_rename()) return renaming_.copy_live(to, content, limit, progress);
  return in_place_.copy_live(to, content, limit, progress);
}

std::unique_ptr<View> ServingDatabase::open_parked(const ParkedName& name) {
  return is_file(name) ? in_place_.open_parked(name) : renaming_.open_parked(name);
}

std::vector<ParkedInfo> ServingDatabase::list_parked() {
  std::vector<ParkedInfo> infos = renaming_.list_parked();
  for (ParkedInfo& file : in_place_.folder().list()) {
    const auto same = std::ranges::find(infos, file.name, &ParkedInfo::name);
    if (same == infos.end()) {
      infos.push_back(std::move(file));
    } else {
      same->bytes += file.bytes;
    }
  }
  std::ranges::sort(infos, {}, &ParkedInfo::name);
  return infos;
}

void ServingDatabase::clone_parked(const ParkedName& from, const ParkedName& to,
                                   Progress& progress) {
  if (is_file(from)) return in_place_.folder().link(from, to);
  if (may_rename()) return renaming_.clone_parked(from, to, progress);
  in_place_.spool(*renaming_.open_parked(from), to, progress);
}

void ServingDatabase::empty_parked(const ParkedName& name) {
  if (is_file(name)) return in_place_.empty_parked(name);
  renaming_.empty_parked(name);
}

void ServingDatabase::materialise(const ImageSource& image, const ParkedName& to,
                                  Progress& progress) {
  if (may_rename()) return renaming_.materialise(image, to, progress);
  in_place_.materialise(image, to, progress);
}

void ServingDatabase::drop_parked(const ParkedName& name) {
  if (is_marked(name)) renaming_.drop_parked(name);
  in_place_.folder().remove(name);
}

std::string ServingDatabase::parked_url(const ParkedName& name) const {
  if (!is_file(name)) return renaming_.parked_url(name);
  throw Error(ErrorKind::unsupported,
              "the copy is a file, to which no application can connect, because user " +
                  server_.info().user() + " may not create databases")
      .hint(fmt::format("as a superuser: ALTER ROLE {} CREATEDB;",
                        quote_identifier(server_.info().user())))
      .hint(
          "or restore it into a database that exists: git quemsi restore SNAPSHOT --to URL "
          "--replace");
}

void ServingDatabase::publish(const ParkedName& name, const DatabaseSpec& target, bool replace) {
  if (!may_rename()) {
    ensure_file(name, no_progress());
    in_place_.publish(name, target, replace);
    return drop_parked(name);
  }
  const bool was_file = is_file(name);
  if (was_file && !is_marked(name)) {
    renaming_.materialise(in_place_.folder().open(name), name, no_progress());
  }
  renaming_.publish(name, target, replace);
  in_place_.folder().remove(name);
}

void ServingDatabase::ensure_file(const ParkedName& name, Progress& progress) {
  if (!is_file(name)) in_place_.spool(*renaming_.open_parked(name), name, progress);
}

std::string ServingDatabase::plan_swap(const ParkedName& incoming, const ParkedName& outgoing) {
  if (!is_file(incoming) && may_rename()) return renaming_.plan_swap(incoming, outgoing);
  const bool elsewhere = !is_file(incoming);
  if (elsewhere) {
    Loan loan = server_.borrow();
    check_parked(loan.get(), server_, registry_, incoming);
  }
  return encode(plan_in_place(server_, in_place_.folder(), incoming, outgoing, elsewhere));
}

std::optional<Token> ServingDatabase::swap(const std::string& plan,
                                           const std::optional<Token>& expected) {
  const auto in_place = decode_in_place_plan(plan);
  if (!in_place) return renaming_.swap(plan, expected);
  const ParkedName incoming(in_place->incoming);
  ensure_file(incoming, no_progress());
  auto token = exchange_in_place(server_, in_place_.folder(), *in_place, expected);
  if (!is_marked(incoming)) return token;
  renaming_.drop_parked(incoming);
  return std::nullopt;
}

Settled ServingDatabase::settle(const std::string& plan) {
  const auto in_place = decode_in_place_plan(plan);
  if (!in_place) return renaming_.settle(plan);
  const ParkedName incoming(in_place->incoming);
  const Settled settled =
      settle_in_place(server_, in_place_.folder(), *in_place, is_marked(incoming));
  if (settled == Settled::done && is_marked(incoming)) renaming_.drop_parked(incoming);
  return settled;
}

void ServingDatabase::drop_live(const Token& token, const ParkedName& by_way_of) {
  if (const std::optional<Error>& why = obstacle()) throw *why;
  renaming_.drop_live(token, by_way_of);
}

}  // namespace quemsi::postgresql_engine

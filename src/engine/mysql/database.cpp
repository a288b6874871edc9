#include "engine/mysql/database.hpp"

#include <algorithm>

#include "engine/mysql/examine.hpp"
#include "engine/mysql/materialise.hpp"
#include "engine/mysql/probe.hpp"
#include "engine/mysql/publish.hpp"
#include "engine/mysql/removal.hpp"
#include "engine/mysql/schema_hash.hpp"
#include "engine/mysql/swap.hpp"
#include "engine/mysql/token.hpp"
#include "engine/mysql/view.hpp"

namespace quemsi::mysql_engine {

MysqlDatabase::MysqlDatabase(const DatabaseSpec& spec, const EngineContext& context)
    : MysqlDatabase(Server(spec, context), ParkedRegistry(context.state_dir, spec.name)) {}

MysqlDatabase::MysqlDatabase(Server server, ParkedRegistry registry)
    : server_(std::move(server)), registry_(std::move(registry)) {}

Probe MysqlDatabase::probe() {
  Loan loan = server_.borrow();
  Probe probe = mysql_engine::probe(server_, loan.get());
  if (probe.exists) require_rights(loan.get());
  server_.tell_once();
  return probe;
}

std::vector<Finding> MysqlDatabase::examine() { return mysql_engine::examine(server_); }

std::optional<std::uint64_t> MysqlDatabase::free_bytes() {
  return mysql_engine::free_bytes(server_);
}

bool MysqlDatabase::unchanged_since(const Token& token) {
  try {
    Loan loan = server_.borrow();
    return proves(token, loan.get(), server_.live());
  } catch (const Error&) {
    return false;
  }
}

std::optional<std::string> MysqlDatabase::schema_fingerprint() { return schema_hash(server_); }

std::optional<Captured> MysqlDatabase::copy_live(const ParkedName& to, Content content,
                                                 CopyLimit limit, Progress& progress) {
  return mysql_engine::copy_live(server_, registry_, to, content, limit, progress);
}

std::unique_ptr<View> MysqlDatabase::pin(Content content) { return pin_live(server_, content); }

std::unique_ptr<View> MysqlDatabase::open_parked(const ParkedName& name) {
  check(name);
  return mysql_engine::open_parked(server_, name.str());
}

std::vector<ParkedInfo> MysqlDatabase::list_parked() {
  const std::vector<ParkedName> moving = settle_publish(server_, registry_);
  std::vector<ParkedInfo> infos = mysql_engine::list_parked(server_, registry_);
  std::erase_if(infos, [&](const ParkedInfo& info) {
    return std::ranges::find(moving, info.name) != moving.end();
  });
  return infos;
}

void MysqlDatabase::clone_parked(const ParkedName& from, const ParkedName& to, Progress& progress) {
  mysql_engine::clone_parked(server_, registry_, from, to, progress);
}

void MysqlDatabase::empty_parked(const ParkedName& name) {
  check(name);
  mysql_engine::empty_parked(server_, name.str());
}

void MysqlDatabase::materialise(const ImageSource& image, const ParkedName& to,
                                Progress& progress) {
  mysql_engine::materialise(server_, registry_, image, to, progress);
}

void MysqlDatabase::drop_parked(const ParkedName& name) {
  const std::vector<ParkedName> moving = settle_publish(server_, registry_);
  if (std::ranges::find(moving, name) != moving.end()) {
    throw Error(ErrorKind::busy, "the parked copy " + name.str() + " is being restored elsewhere");
  }
  mysql_engine::drop_parked(server_, registry_, name);
}

std::string MysqlDatabase::parked_url(const ParkedName& name) const {
  return server_.info().to(name.str()).url();
}

void MysqlDatabase::publish(const ParkedName& name, const DatabaseSpec& target, bool replace) {
  mysql_engine::publish(server_, registry_, name, target, replace);
}

std::string MysqlDatabase::plan_swap(const ParkedName& incoming, const ParkedName& outgoing) {
  Loan loan = server_.borrow();
  require_rights(loan.get());
  return encode(mysql_engine::plan_swap(server_, registry_, loan.get(), incoming, outgoing));
}

std::optional<Token> MysqlDatabase::swap(const std::string& plan,
                                         const std::optional<Token>& expected) {
  auto token =
      exchange(server_, registry_, decode_plan(plan), expected, server_.context().connections);
  server_.tell_once();
  return token;
}

Settled MysqlDatabase::settle(const std::string& plan) {
  return mysql_engine::settle(server_, registry_, decode_plan(plan));
}

void MysqlDatabase::drop_live(const Token& token, const ParkedName& /*by_way_of*/) {
  mysql_engine::drop_live(server_, token);
}

void MysqlDatabase::require_rights(Connection& connection) {
  if (!has_rights_) check_rights(connection, server_.live());
  has_rights_ = true;
}

void MysqlDatabase::check(const ParkedName& name) const {
  Loan loan = server_.borrow();
  check_parked(loan.get(), registry_, name);
}

}  // namespace quemsi::mysql_engine

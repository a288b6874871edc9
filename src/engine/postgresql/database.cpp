#include "engine/postgresql/database.hpp"

#include "engine/postgresql/copy.hpp"
#include "engine/postgresql/examine.hpp"
#include "engine/postgresql/materialise.hpp"
#include "engine/postgresql/probe.hpp"
#include "engine/postgresql/publish.hpp"
#include "engine/postgresql/removal.hpp"
#include "engine/postgresql/schema_hash.hpp"
#include "engine/postgresql/swap.hpp"
#include "engine/postgresql/token.hpp"
#include "engine/postgresql/unlogged.hpp"
#include "engine/postgresql/view.hpp"

namespace quemsi::postgresql_engine {

PostgresqlDatabase::PostgresqlDatabase(const DatabaseSpec& spec, const EngineContext& context)
    : PostgresqlDatabase(Server(spec, context), ParkedRegistry(context.state_dir, spec.name)) {}

PostgresqlDatabase::PostgresqlDatabase(Server server, ParkedRegistry registry)
    : server_(std::move(server)), registry_(std::move(registry)) {}

Probe PostgresqlDatabase::probe() {
  tell_of_emptied(server_, registry_);
  return postgresql_engine::probe(server_);
}

std::vector<Finding> PostgresqlDatabase::examine() { return postgresql_engine::examine(server_); }

std::optional<std::uint64_t> PostgresqlDatabase::free_bytes() {
  return postgresql_engine::free_bytes(server_);
}

bool PostgresqlDatabase::unchanged_since(const Token& token) {
  try {
    if (!may_hold(token)) return false;
    Connection connection = server_.connect(server_.live());
    return proves(token, connection);
  } catch (const Error&) {
    return false;
  }
}

std::optional<std::string> PostgresqlDatabase::schema_fingerprint() { return schema_hash(server_); }

std::optional<Captured> PostgresqlDatabase::copy_live(const ParkedName& to, Content content,
                                                      CopyLimit limit, Progress& progress) {
  return postgresql_engine::copy_live(server_, registry_, to, content, limit, progress);
}

std::unique_ptr<View> PostgresqlDatabase::pin(Content content) {
  return pin_live(server_, content);
}

std::unique_ptr<View> PostgresqlDatabase::open_parked(const ParkedName& name) {
  accept(name);
  return postgresql_engine::open_parked(server_, name.str());
}

std::vector<ParkedInfo> PostgresqlDatabase::list_parked() {
  return postgresql_engine::list_parked(server_, registry_);
}

void PostgresqlDatabase::clone_parked(const ParkedName& from, const ParkedName& to,
                                      Progress& progress) {
  postgresql_engine::clone_parked(server_, registry_, from, to, progress);
}

void PostgresqlDatabase::empty_parked(const ParkedName& name) {
  accept(name);
  postgresql_engine::empty_parked(server_, name.str());
}

void PostgresqlDatabase::materialise(const ImageSource& image, const ParkedName& to,
                                     Progress& progress) {
  postgresql_engine::materialise(server_, registry_, image, to, progress);
}

void PostgresqlDatabase::drop_parked(const ParkedName& name) {
  postgresql_engine::drop_parked(server_, registry_, name);
}

std::string PostgresqlDatabase::parked_url(const ParkedName& name) const {
  return server_.info().to(name.str()).url();
}

void PostgresqlDatabase::publish(const ParkedName& name, const DatabaseSpec& target, bool replace) {
  postgresql_engine::publish(server_, registry_, name, target, replace);
}

std::string PostgresqlDatabase::plan_swap(const ParkedName& incoming, const ParkedName& outgoing) {
  Loan loan = server_.borrow();
  return encode(postgresql_engine::plan_swap(server_, registry_, loan.get(), incoming, outgoing));
}

std::optional<Token> PostgresqlDatabase::swap(const std::string& plan,
                                              const std::optional<Token>& expected) {
  Connection connection = server_.take();
  return exchange(server_, registry_, connection, decode_plan(plan), expected);
}

Settled PostgresqlDatabase::settle(const std::string& plan) {
  return postgresql_engine::settle(server_, registry_, decode_plan(plan));
}

void PostgresqlDatabase::drop_live(const Token& token, const ParkedName& by_way_of) {
  postgresql_engine::drop_live(server_, registry_, token, by_way_of);
}

/// Costs no connection of its own.
bool PostgresqlDatabase::may_hold(const Token& token) const {
  Loan loan = server_.borrow();
  return may_prove(token, loan.get());
}

void PostgresqlDatabase::accept(const ParkedName& name) const {
  Loan loan = server_.borrow();
  check_parked(loan.get(), server_, registry_, name);
  accept_emptied(loan.get(), server_, registry_, name);
}

}  // namespace quemsi::postgresql_engine

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/postgresql/holders.hpp"
#include "engine/postgresql/probe.hpp"
#include "engine/postgresql/swap.hpp"
#include "engine/postgresql/unlogged.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

constexpr int version = 1;

void check_usable(Connection& connection, const std::string& database, const DatabaseFacts& facts) {
  check_valid(database, facts);
  check_rights(connection, database, facts);
}

void check_free(Connection& connection, const std::string& name) {
  if (!find_database(connection, name)) return;
  throw Error(ErrorKind::engine, "the parked copy " + name + " exists");
}

}  // namespace

std::string encode(const SwapPlan& plan) {
  nlohmann::json json{{"version", version},        {"server", plan.server},
                      {"live", plan.live},         {"incoming", plan.incoming},
                      {"outgoing", plan.outgoing}, {"incoming_oid", plan.incoming_oid}};
  if (plan.live_oid) json["live_oid"] = *plan.live_oid;
  return json.dump();
}

SwapPlan decode_plan(const std::string& text) {
  try {
    const auto json = nlohmann::json::parse(text);
    if (json.at("version") != version) throw Error(ErrorKind::internal, "unknown plan version");
    SwapPlan plan{.server = json.at("server"),
                  .live = json.at("live"),
                  .incoming = json.at("incoming"),
                  .outgoing = json.at("outgoing"),
                  .live_oid = {},
                  .incoming_oid = json.at("incoming_oid")};
    if (json.contains("live_oid")) plan.live_oid = json.at("live_oid").get<std::string>();
    return plan;
  } catch (const std::exception& error) {
    throw Error(ErrorKind::internal, "the plan of a swap cannot be read").cause(error.what());
  }
}

SwapPlan plan_swap(const Server& server, const ParkedRegistry& registry, Connection& connection,
                   const ParkedName& incoming, const ParkedName& outgoing) {
  SwapPlan plan{.server = server_identity(connection, server.info()),
                .live = server.live(),
                .incoming = incoming.str(),
                .outgoing = outgoing.str(),
                .live_oid = {},
                .incoming_oid = {}};
  check_incoming(connection, server, registry, incoming, outgoing);
  check_free(connection, plan.outgoing);
  const DatabaseFacts in = find_database(connection, plan.incoming).value();
  check_usable(connection, plan.incoming, in);
  plan.incoming_oid = in.oid;
  std::vector<std::string> databases{plan.live, plan.incoming};
  if (const auto live = find_database(connection, plan.live)) {
    check_usable(connection, plan.live, *live);
    plan.live_oid = live->oid;
  }
  check_obstacles(connection, databases);
  WayClearer way(server, std::move(databases));
  if (server.context().connections == ConnectionPolicy::refuse) way.clear(connection);
  return plan;
}

std::string swap_application(const SwapPlan& plan) {
  return fmt::format("{} swap {}", application, plan.outgoing);
}

}  // namespace quemsi::postgresql_engine

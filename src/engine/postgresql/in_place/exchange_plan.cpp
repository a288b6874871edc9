#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/postgresql/holders.hpp"
#include "engine/postgresql/in_place/clearing.hpp"
#include "engine/postgresql/in_place/exchange.hpp"
#include "engine/postgresql/probe.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

constexpr int version = 1;
constexpr const char* version_key = "in_place";

Error no_live(const Server& server) {
  return Error(ErrorKind::engine, fmt::format("there is no database {}", server.live()))
      .cause(fmt::format("user {} may not create databases", server.info().user()))
      .hint(fmt::format("as a superuser: CREATE DATABASE {} OWNER {};",
                        quote_identifier(server.live()), quote_identifier(server.info().user())));
}

}  // namespace

std::string encode(const InPlacePlan& plan) {
  return nlohmann::json{{version_key, version},
                        {"server", plan.server},
                        {"live", plan.live},
                        {"incoming", plan.incoming},
                        {"outgoing", plan.outgoing}}
      .dump();
}

std::optional<InPlacePlan> decode_in_place_plan(const std::string& text) {
  try {
    const auto json = nlohmann::json::parse(text);
    if (!json.is_object() || !json.contains(version_key)) return std::nullopt;
    if (json.at(version_key) != version) throw Error(ErrorKind::internal, "unknown plan version");
    return InPlacePlan{.server = json.at("server"),
                       .live = json.at("live"),
                       .incoming = json.at("incoming"),
                       .outgoing = json.at("outgoing")};
  } catch (const nlohmann::json::parse_error&) {
    return std::nullopt;
  } catch (const std::exception& error) {
    throw Error(ErrorKind::internal, "the plan of a swap cannot be read").cause(error.what());
  }
}

InPlacePlan plan_in_place(const Server& server, const ImageFolder& folder,
                          const ParkedName& incoming, const ParkedName& outgoing, bool elsewhere) {
  Connection connection = server.maintenance();
  InPlacePlan plan{.server = server_identity(connection, server.info()),
                   .live = server.live(),
                   .incoming = incoming.str(),
                   .outgoing = outgoing.str()};
  if (!elsewhere) static_cast<void>(folder.open(incoming));
  if (folder.has(outgoing) || find_database(connection, plan.outgoing)) {
    throw Error(ErrorKind::engine, "the parked copy " + plan.outgoing + " exists");
  }
  const auto live = find_database(connection, plan.live);
  if (!live) throw no_live(server);
  check_valid(plan.live, *live);
  check_obstacles(connection, {plan.live});
  Connection inside = server.connect(plan.live);
  check_may_clear(inside);
  return plan;
}

std::string swap_application(const InPlacePlan& plan) {
  return fmt::format("{} swap {}", application, plan.outgoing);
}

}  // namespace quemsi::postgresql_engine

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/mysql/binary_log.hpp"
#include "engine/mysql/definers.hpp"
#include "engine/mysql/kept.hpp"
#include "engine/mysql/probe.hpp"
#include "engine/mysql/shape_json.hpp"
#include "engine/mysql/swap.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

constexpr int version = 1;

void check_free(Connection& connection, const std::string& name) {
  if (!find_schema(connection, name)) return;
  throw Error(ErrorKind::engine, "the parked copy " + name + " exists");
}

void append(SchemaObjects& to, const SchemaObjects& objects) {
  to.insert(to.end(), objects.begin(), objects.end());
}

/// In live, what the incoming copy has otherwise; in the outgoing one all that live had.
SchemaObjects made_by(const SwapPlan& plan, const Definers& definers) {
  const SchemaShape live = plan.live_shape.value_or(SchemaShape());
  SchemaObjects made = definers.beyond(plan.incoming_shape.objects, live.objects);
  append(made, plan.incoming_shape.triggers);
  append(made, live.objects);
  append(made, plan.live_kept);
  append(made, live.triggers);
  return made;
}

/// Of live, what the exchange drops and makes anew elsewhere.
SchemaObjects dropped_by(const SwapPlan& plan, const Definers& definers) {
  if (!plan.live_shape) return {};
  SchemaObjects dropped = definers.beyond(plan.live_shape->objects, plan.incoming_shape.objects);
  append(dropped, plan.live_shape->triggers);
  return dropped;
}

}  // namespace

std::string encode(const SwapPlan& plan) {
  nlohmann::json json{
      {"version", version},        {"server", plan.server},
      {"live", plan.live},         {"incoming", plan.incoming},
      {"outgoing", plan.outgoing}, {"incoming_shape", to_json(plan.incoming_shape)}};
  if (plan.live_shape) json["live_shape"] = to_json(*plan.live_shape);
  if (!plan.live_kept.empty()) json["live_kept"] = to_json(plan.live_kept);
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
                  .live_shape = {},
                  .live_kept = {},
                  .incoming_shape = shape_from_json(json.at("incoming_shape"))};
    if (json.contains("live_shape")) plan.live_shape = shape_from_json(json.at("live_shape"));
    if (json.contains("live_kept")) plan.live_kept = objects_from_json(json.at("live_kept"));
    return plan;
  } catch (const std::exception& error) {
    throw Error(ErrorKind::internal, "the plan of a swap cannot be read").cause(error.what());
  }
}

SwapPlan plan_swap(const Server& server, const ParkedRegistry& registry, Connection& connection,
                   const ParkedName& incoming, const ParkedName& outgoing) {
  check_parked(connection, registry, incoming);
  check_free(connection, outgoing.str());
  SwapPlan plan{.server = server_identity(connection),
                .live = server.live(),
                .incoming = incoming.str(),
                .outgoing = outgoing.str(),
                .live_shape = {},
                .live_kept = {},
                .incoming_shape = read_complete_shape(connection, registry, incoming.str())};
  plan.live_shape = find_shape(connection, plan.live);
  if (plan.live_shape) {
    plan.live_kept = kept_beside(connection, registry, plan.live, plan.live_shape->objects);
  }
  const Definers definers(connection, server.context().definers);
  const SchemaObjects made = made_by(plan, definers);
  definers.check(made);
  check_binary_log(connection, made);
  check_may_drop(connection, plan.live, dropped_by(plan, definers), definers);
  return plan;
}

std::string swap_lock(const SwapPlan& plan) { return "git-quemsi swap " + plan.outgoing; }

}  // namespace quemsi::mysql_engine

#include "engine/mysql/in_place/plan.hpp"

#include <nlohmann/json.hpp>

#include "engine/mysql/binary_log.hpp"
#include "engine/mysql/builder.hpp"
#include "engine/mysql/history.hpp"
#include "engine/mysql/image_reader.hpp"
#include "engine/mysql/probe.hpp"
#include "engine/mysql/shape.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

constexpr int in_place_version = 1;
constexpr const char* version_key = "in_place";

/// What is copied has them no more, and nothing else keeps them.
void check_times(Connection& connection, const std::string& schema,
                 const std::vector<TableEntry>& tables) {
  const auto names = tables_without_times(connection, schema, tables);
  if (names.empty()) return;
  throw Error(ErrorKind::unsupported, "the history of the versioned table " + names.front() +
                                          " cannot be carried over by copying rows")
      .cause("it counts by transactions, which have other numbers once they are copied")
      .hint("let it count by time: ROW START and ROW END columns of the type TIMESTAMP(6)");
}

/// What there is must be droppable, and makeable again.
void check_live(const Server& server, Connection& connection, const std::string& schema) {
  const SchemaShape shape = read_shape(connection, schema);
  check_takes_history(connection, shape.tables);
  check_times(connection, schema, shape.tables);
  SchemaObjects dropped = shape.objects;
  dropped.insert(dropped.end(), shape.triggers.begin(), shape.triggers.end());
  const Definers definers(connection, server.context().definers);
  check_may_drop(connection, schema, dropped, definers);
  definers.check(dropped);
  check_binary_log(connection, dropped);
}

}  // namespace

std::string encode(const InPlacePlan& plan) {
  return nlohmann::json{
      {version_key, in_place_version}, {"server", plan.server},     {"live", plan.live},
      {"incoming", plan.incoming},     {"outgoing", plan.outgoing}, {"stray", plan.stray},
      {"keeps", plan.keeps_outgoing}}
      .dump();
}

std::optional<InPlacePlan> decode_in_place_plan(const std::string& text) {
  try {
    const auto json = nlohmann::json::parse(text);
    if (!json.is_object() || !json.contains(version_key)) return std::nullopt;
    if (json.at(version_key) != in_place_version)
      throw Error(ErrorKind::internal, "unknown plan version");
    return InPlacePlan{.server = json.at("server"),
                       .live = json.at("live"),
                       .incoming = json.at("incoming"),
                       .outgoing = json.at("outgoing"),
                       .stray = json.at("stray"),
                       .keeps_outgoing = json.at("keeps")};
  } catch (const nlohmann::json::parse_error&) {
    return std::nullopt;
  } catch (const std::exception& error) {
    throw Error(ErrorKind::internal, "the plan of a swap cannot be read").cause(error.what());
  }
}

InPlacePlan plan_in_place(const Server& server, const ImageFolder& folder, Connection& connection,
                          const ParkedName& incoming, const ParkedName& outgoing, bool elsewhere) {
  InPlacePlan plan{.server = server_identity(connection),
                   .live = server.live(),
                   .incoming = incoming.str(),
                   .outgoing = outgoing.str(),
                   .stray = parked_name(new_image_id()).str(),
                   .keeps_outgoing = find_schema(connection, server.live()).has_value()};
  if (elsewhere) {
    check_times(connection, plan.incoming, read_tables(connection, plan.incoming));
  } else {
    check_can_be_built(server, connection, folder.open(incoming));
  }
  if (folder.has(outgoing) || find_schema(connection, plan.outgoing)) {
    throw Error(ErrorKind::engine, "the parked copy " + plan.outgoing + " exists");
  }
  check_rights_in_place(connection, plan.live);
  if (plan.keeps_outgoing) check_live(server, connection, plan.live);
  return plan;
}

void check_can_be_built(const Server& server, Connection& connection, const ImageSource& image) {
  const ImageReader reader(image);
  check_definers(server, connection, reader.objects(), reader.triggers());
  check_takes_history(connection, reader);
}

std::string swap_lock(const InPlacePlan& plan) { return "git-quemsi swap " + plan.outgoing; }

}  // namespace quemsi::mysql_engine

#include "engine/mysql/in_place/plan.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/mysql/binary_log.hpp"
#include "engine/mysql/builder.hpp"
#include "engine/mysql/image_reader.hpp"
#include "engine/mysql/probe.hpp"
#include "engine/mysql/session.hpp"
#include "engine/mysql/shape.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

constexpr int in_place_version = 1;
constexpr const char* version_key = "in_place";

[[noreturn]] void throw_history(const Connection& connection, const std::string& table) {
  throw Error(ErrorKind::unsupported, "the history of the versioned table " + table +
                                          " cannot be carried over by copying rows")
      .cause(connection.version_text() + " takes no rows of history")
      .hint("upgrade the server: MariaDB 10.11 is the oldest that takes them");
}

/// What there is must be droppable, and makeable again.
void check_live(const Server& server, Connection& connection, const std::string& schema) {
  const SchemaShape shape = read_shape(connection, schema);
  const auto versioned = std::ranges::find(shape.tables, TableKind::versioned, &TableEntry::kind);
  if (versioned != shape.tables.end() && !takes_history(connection)) {
    throw_history(connection, versioned->name);
  }
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
  if (!elsewhere) check_can_be_built(server, connection, folder.open(incoming));
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
  if (takes_history(connection)) return;
  const auto versioned = std::ranges::find_if(
      reader.rows(), [](const RowsSection& rows) { return rows.table.history; });
  if (versioned != reader.rows().end()) throw_history(connection, versioned->table.name);
}

std::string swap_lock(const InPlacePlan& plan) { return "git-quemsi swap " + plan.outgoing; }

}  // namespace quemsi::mysql_engine

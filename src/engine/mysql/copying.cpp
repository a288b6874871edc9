// Parked copies of parked copies, and emptied ones.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "engine/common/crew.hpp"
#include "engine/mysql/builder.hpp"
#include "engine/mysql/catalog.hpp"
#include "engine/mysql/history.hpp"
#include "engine/mysql/holders.hpp"
#include "engine/mysql/kept.hpp"
#include "engine/mysql/parked.hpp"
#include "engine/mysql/session.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

constexpr int session_count = 2;

/// Of a table whose columns are all computed, rows are all that there is to copy.
std::uint64_t copy_count(Connection& connection, const std::string& from, const std::string& to,
                         const std::string& table) {
  constexpr std::uint64_t most = 1000;
  const std::uint64_t rows =
      connection.query("SELECT COUNT(*) FROM " + qualified(from, table)).number(0, 0);
  for (std::uint64_t done = 0; done < rows; done += most) {
    std::string sql = fmt::format("INSERT INTO {}() VALUES ()", qualified(to, table));
    for (std::uint64_t i = 1; i < std::min(most, rows - done); ++i) sql += ", ()";
    connection.execute(sql);
  }
  return rows;
}

/// The server copies the rows itself.
std::string copy_statement(const std::string& from, const std::string& to, const Table& table) {
  const std::string columns = column_list(table.shape.columns);
  return fmt::format("INSERT INTO {} ({}) SELECT {} FROM {}{}", qualified(to, table.shape.name),
                     columns, columns, qualified(from, table.shape.name),
                     table.shape.history ? " FOR SYSTEM_TIME ALL" : "");
}

class Copier {
 public:
  Copier(const Server& server, std::string from, std::string to, Progress& progress)
      : server_(server), from_(std::move(from)), to_(std::move(to)), crew_(progress) {}

  void run(std::vector<Connection>& sessions, const std::vector<Table>& tables) {
    std::vector<std::function<void()>> works;
    works.reserve(sessions.size());
    for (Connection& session : sessions) works.emplace_back([&] { work(session, tables); });
    crew_.run(works);
  }

 private:
  void work(Connection& session, const std::vector<Table>& tables) {
    for (std::size_t i = next_++; i < tables.size() && !crew_.stopped(); i = next_++) {
      check_arrived(session, to_, tables[i].shape, copy(session, tables[i]));
      crew_.progress().advance(tables[i].bytes);
    }
  }

  std::uint64_t copy(Connection& session, const Table& table) {
    if (table.shape.columns.empty()) return copy_count(session, from_, to_, table.shape.name);
    run_watched(server_, session, copy_statement(from_, to_, table), crew_.progress());
    return session.affected();
  }

  const Server& server_;
  std::string from_;
  std::string to_;
  Crew crew_;
  std::atomic<std::size_t> next_ = 0;
};

/// A versioned table cannot be truncated: it is made anew.
void empty_versioned(const Server& server, Connection& connection, const std::string& schema,
                     const std::string& name, const SchemaObject& make,
                     const SchemaObjects& triggers) {
  connection.execute("DROP TABLE " + qualified(schema, name));
  make_tables(connection, schema, {make});
  ObjectMaker maker(server, connection, schema);
  for (const SchemaObject& trigger : triggers) {
    if (trigger.table == name) maker.make({trigger});
  }
}

}  // namespace

void clone_parked(const Server& server, const ParkedRegistry& registry, const ParkedName& from,
                  const ParkedName& to, Progress& progress) {
  std::vector<Connection> sessions;
  for (int i = 0; i < session_count; ++i) {
    sessions.push_back(open_build_session(server));
    // What is read must not be locked row by row.
    sessions.back().execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    announce_reader(sessions.back(), from.str());
  }
  Connection& leader = sessions.front();
  check_parked(leader, registry, from);
  const SchemaShape shape = read_complete_shape(leader, registry, from.str());
  check_definers(server, leader, shape.objects, shape.triggers);
  check_takes_history(leader, shape.tables);
  const Definitions definitions = read_definitions(leader, from.str(), shape.tables, server.live());
  const std::vector<Table> tables = read_catalog(leader, from.str(), shape.tables);
  progress.begin("copying " + from.str(), schema_bytes(leader, from.str()));
  ParkedDraft draft(server, registry, leader, to, shape.facts);
  make_tables(leader, to.str(), definitions.makes);
  Copier(server, from.str(), to.str(), progress).run(sessions, tables);
  set_counters(leader, to.str(), definitions.counters);
  make_objects(server, leader, to.str(), shape.objects, shape.triggers);
  keep_originals(leader, registry, to.str(), shape.objects);
  draft.keep();
  progress.end();
}

void empty_parked(const Server& server, const std::string& schema) {
  Connection connection = open_build_session(server);
  const SchemaShape shape = read_shape(connection, schema);
  check_definers(server, connection, {}, shape.triggers);
  const Definitions definitions = read_definitions(connection, schema, shape.tables, server.live());
  for (const TableEntry& table : shape.tables) {
    const std::string name = qualified(schema, table.name);
    if (table.kind == TableKind::plain) connection.execute("TRUNCATE TABLE " + name);
    if (table.kind == TableKind::sequence)
      connection.execute(fmt::format("ALTER SEQUENCE {} RESTART", name));
    if (table.kind != TableKind::versioned) continue;
    for (const SchemaObject& make : definitions.makes) {
      if (make.kind == "TABLE" && make.name == table.name) {
        empty_versioned(server, connection, schema, table.name, make, shape.triggers);
      }
    }
  }
}

}  // namespace quemsi::mysql_engine

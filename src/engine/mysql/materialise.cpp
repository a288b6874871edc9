#include "engine/mysql/materialise.hpp"

#include <algorithm>

#include "engine/common/spool.hpp"
#include "engine/mysql/builder.hpp"
#include "engine/mysql/catalog.hpp"
#include "engine/mysql/history.hpp"
#include "engine/mysql/image_reader.hpp"
#include "engine/mysql/kept.hpp"
#include "engine/mysql/rows_loader.hpp"
#include "engine/mysql/session.hpp"
#include "engine/mysql/view.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

constexpr int session_count = 2;

std::uint64_t bytes_of(const ImageReader& image) {
  std::uint64_t bytes = 0;
  for (const RowsSection& rows : image.rows()) bytes += image.tally(rows.section).bytes;
  return bytes;
}

/// Servers make some tables otherwise than asked to, as their settings have it. What another
/// release tells may differ in its words.
void check_made(Connection& connection, const std::string& schema, const std::string& live,
                const ImageReader& image) {
  if (image.header().attributes.at("server_version") != connection.version_text()) return;
  const SchemaObjects made =
      read_definitions(connection, schema, read_tables(connection, schema), live).makes;
  for (const SchemaObject& object : image.makes()) {
    const auto same = std::ranges::find(made, object.name, &SchemaObject::name);
    if (same != made.end() && same->sql == object.sql) continue;
    throw Error(ErrorKind::engine, "the server makes " + object.name + " otherwise than it was")
        .cause("it was made by: " + object.sql)
        .cause(same == made.end() ? "it is not there" : "it is made by: " + same->sql)
        .hint("give the server the settings that it had then");
  }
}

/// Before rows are read in vain.
void check_definers_of_live(const Server& server) {
  if (server.context().definers != DefinerPolicy::keep) return;
  Connection connection = server.connect();
  if (!find_schema(connection, server.live())) return;
  check_definers(server, connection, read_objects(connection, server.live()),
                 read_triggers(connection, server.live()));
}

}  // namespace

void materialise(const Server& server, const ParkedRegistry& registry, const ImageSource& image,
                 const ParkedName& to, Progress& progress) {
  const ImageReader reader(image);
  std::vector<Connection> sessions;
  for (int i = 0; i < session_count; ++i) sessions.push_back(open_build_session(server));
  Connection& leader = sessions.front();
  check_definers(server, leader, reader.objects(), reader.triggers());
  check_takes_history(leader, reader);
  progress.begin("building " + to.str(), bytes_of(reader));
  ParkedDraft draft(server, registry, leader, to, reader.facts());
  make_tables(leader, draft.schema(), reader.makes());
  check_made(leader, draft.schema(), server.live(), reader);
  load_rows(reader, draft.schema(), sessions, progress);
  set_counters(leader, draft.schema(), reader.counters());
  make_objects(server, leader, draft.schema(), reader.objects(), reader.triggers());
  keep_originals(leader, registry, draft.schema(), reader.objects());
  draft.keep();
  progress.end();
}

std::optional<Captured> copy_live(const Server& server, const ParkedRegistry& registry,
                                  const ParkedName& to, Content content, CopyLimit limit,
                                  Progress& progress) {
  if (content == Content::all && limit != CopyLimit::none) return std::nullopt;
  check_definers_of_live(server);
  Spool spool(server.context().state_dir);
  Captured captured;
  {
    const std::unique_ptr<View> view = pin_live(server, content);
    captured = view->captured();
    view->write(spool, progress);
  }
  spool.close();
  materialise(server, registry, spool, to, progress);
  return captured;
}

}  // namespace quemsi::mysql_engine

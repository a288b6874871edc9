#include "engine/mysql/materialise.hpp"

#include "engine/common/spool.hpp"
#include "engine/mysql/builder.hpp"
#include "engine/mysql/image_reader.hpp"
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
  progress.begin("building " + to.str(), bytes_of(reader));
  ParkedDraft draft(server, registry, leader, to, reader.facts());
  make_tables(leader, draft.schema(), reader.makes());
  load_rows(reader, draft.schema(), sessions, progress);
  set_counters(leader, draft.schema(), reader.counters());
  make_objects(server, leader, draft.schema(), reader.objects(), reader.triggers());
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

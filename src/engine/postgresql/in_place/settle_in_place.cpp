// After a crash: the outgoing file knows the transaction, and the server what became of it.
#include <fmt/format.h>

#include <algorithm>

#include "engine/postgresql/holders.hpp"
#include "engine/postgresql/image_reader.hpp"
#include "engine/postgresql/in_place/exchange.hpp"
#include "engine/postgresql/view.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

enum class Fate { committed, aborted, unknown };

/// Of a transaction whose session has ended. What the server has never heard of, as after a crash,
/// has not committed; of what is very old it remembers nothing.
Fate fate_of(Connection& connection, const std::string& transaction) {
  const Result row = connection.query(
      "SELECT CASE WHEN $1::bigint >= "
      "pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot()) "
      "THEN 'aborted' ELSE pg_catalog.txid_status($1::bigint) END",
      transaction);
  if (row.is_null(0, 0)) return Fate::unknown;
  if (row.text(0, 0) == "committed") return Fate::committed;
  if (row.text(0, 0) == "aborted") return Fate::aborted;
  throw Error(ErrorKind::busy, "an interrupted exchange does not end")
      .hint("try again in a moment");
}

/// What an image says of all its sections.
std::vector<std::byte> summary_of(const ImageSource& image) {
  const std::size_t last = image.sections().size() - 1;
  std::vector<std::byte> all;
  for (std::size_t i = 0; i < image.sections()[last].chunks.size(); ++i) {
    const std::vector<std::byte> bytes = image.read(last, i);
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
  return all;
}

std::vector<std::byte> summary_of_live(const Server& server) {
  Spool spool(server.context().state_dir);
  pin_live(server, Content::all)->write(spool, no_progress());
  spool.close();
  return summary_of(spool);
}

/// Nothing is dropped unless live provably holds it.
Settled compare_content(const Server& server, const ImageFolder& folder, const InPlacePlan& plan) {
  const std::vector<std::byte> live = summary_of_live(server);
  const ParkedName incoming(plan.incoming);
  if (folder.has(incoming) && summary_of(folder.open(incoming)) == live) return Settled::done;
  if (summary_of(folder.open(ParkedName(plan.outgoing))) == live) return Settled::not_done;
  throw Error(ErrorKind::engine,
              fmt::format("an exchange of {} was interrupted so long ago that the server does not "
                          "know any more how it ended",
                          plan.live))
      .cause("the database has been written to since")
      .cause(fmt::format("what it held before is kept as {}", plan.outgoing));
}

Settled find_out(Connection& connection, const Server& server, const ImageFolder& folder,
                 const InPlacePlan& plan, bool elsewhere) {
  const ParkedName outgoing(plan.outgoing);
  // Nothing is dropped before that file is there, and only what has committed removes the other.
  if (!folder.has(outgoing)) {
    const bool waits = elsewhere || folder.has(ParkedName(plan.incoming));
    return waits ? Settled::not_done : Settled::done;
  }
  const ImageFile file = folder.open(outgoing);
  const auto transaction = file.notes().find(transaction_note);
  if (transaction == file.notes().end()) return compare_content(server, folder, plan);
  const Fate fate = fate_of(connection, transaction->second);
  if (fate == Fate::unknown) return compare_content(server, folder, plan);
  return fate == Fate::committed ? Settled::done : Settled::not_done;
}

}  // namespace

Settled settle_in_place(const Server& server, const ImageFolder& folder, const InPlacePlan& plan,
                        bool elsewhere) {
  Connection connection = server.maintenance();
  if (server_identity(connection, server.info()) != plan.server) {
    throw Error(ErrorKind::engine, fmt::format("{} is another server than the one on which an "
                                               "exchange of {} was interrupted",
                                               server.info().server(), plan.live))
        .hint("start that server again under the same address");
  }
  end_session(connection, swap_application(plan), plan.live, server.context().busy_timeout);
  const Settled settled = find_out(connection, server, folder, plan, elsewhere);
  folder.remove(ParkedName(settled == Settled::done ? plan.incoming : plan.outgoing));
  return settled;
}

}  // namespace quemsi::postgresql_engine

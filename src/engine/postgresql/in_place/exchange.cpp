#include "engine/postgresql/in_place/exchange.hpp"

#include <algorithm>
#include <utility>

#include "engine/postgresql/in_place/catalog_print.hpp"
#include "engine/postgresql/in_place/clearing.hpp"
#include "engine/postgresql/in_place/restoring.hpp"
#include "engine/postgresql/large_objects.hpp"
#include "engine/postgresql/properties.hpp"
#include "engine/postgresql/rename.hpp"
#include "engine/postgresql/token.hpp"
#include "engine/postgresql/view.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// What keeps its values without a table's lock is compared once it can be.
struct Outgoing {
  std::string catalog;
  std::string sequences;
  Tally large_objects;
  Attributes properties;  ///< of the database itself
};

/// Makes sure that no later transaction can get the same id, even after a crash of the server that
/// loses all that it has not written yet. By now live's transaction has written something.
void make_id_durable(Connection& observer) {
  observer.execute("BEGIN; SELECT pg_logical_emit_message(true, 'git-quemsi', ''); COMMIT");
}

std::string large_object_ids(Connection& connection) {
  return connection
      .query(
          "SELECT coalesce(string_agg(oid::text, ',' ORDER BY oid), '') "
          "FROM pg_largeobject_metadata")
      .str(0, 0);
}

/// xmin:xmax:xip,xip
struct Snapshot {
  std::string text;
  std::string next;
  std::vector<std::string> running;
};

Snapshot snapshot_of(Connection& connection) {
  std::string text = connection.query("SELECT pg_catalog.txid_current_snapshot()").str(0, 0);
  const std::vector<std::string> parts = split(text, ':');
  Snapshot snapshot{
      .text = std::move(text), .next = parts.at(1), .running = split(parts.at(2), ',')};
  std::erase(snapshot.running, "");
  return snapshot;
}

/// Between the two, seen right before and right after a transaction's end, no other has ended.
bool nothing_else_ended(Snapshot before, const Snapshot& after, const std::string& transaction) {
  std::erase(before.running, transaction);
  return before.next == after.next && before.running == after.running;
}

class Exchange {
 public:
  Exchange(const Server& server, const ImageFolder& folder, const InPlacePlan& plan,
           const std::optional<Token>& expected)
      : folder_(folder),
        plan_(plan),
        expected_(expected),
        incoming_(folder.open(ParkedName(plan.incoming))),
        image_(incoming_),
        hold_(server, swap_application(plan), server.context().connections) {}

  /// False when somebody has changed what live consists of meanwhile: all is as it was.
  bool run() {
    try {
      const bool done = attempt();
      hold_.report();
      return done;
    } catch (...) {
      hold_.report();
      throw;
    }
  }

  /// Proof for what live holds now.
  [[nodiscard]] const std::optional<Token>& token() const { return token_; }

 private:
  bool attempt() {
    hold_.lock_tables();
    const auto draft = folder_.draft(ParkedName(plan_.outgoing));
    const Outgoing outgoing = capture(*draft);
    hold_.lock_sequences();
    if (sequences_text(read_sequences(hold_.connection())) != outgoing.sequences) return false;
    check_expected();
    publish(*draft);
    try {
      if (!replace(outgoing)) {
        take_back();
        return false;
      }
      commit();
    } catch (...) {
      take_back();
      throw;
    }
    folder_.remove(ParkedName(plan_.incoming));
    return true;
  }

  Outgoing capture(ImageFileDraft& draft) {
    Outgoing outgoing;
    outgoing.catalog = catalog_print(hold_.observer());
    // What was made since must be locked as well; what is made from here on changes the catalogue.
    hold_.lock_tables();
    const auto view = pin_live(hold_.server(), Content::all);
    view->write(draft, no_progress());
    const ImageReader reader(draft.close());
    outgoing.sequences = sequences_text(reader.sequences());
    outgoing.large_objects = reader.tally(reader.large_objects().value());
    outgoing.properties = to_attributes(properties_from(reader.header().attributes));
    return outgoing;
  }

  void check_expected() {
    if (expected_ && !proves(*expected_, hold_.connection())) throw_changed(plan_.live);
  }

  void publish(ImageFileDraft& draft) {
    transaction_ = hold_.connection().query("SELECT pg_catalog.txid_current()").str(0, 0);
    hold_.connection().execute("SELECT pg_logical_emit_message(true, 'git-quemsi', '')");
    make_id_durable(hold_.observer());
    draft.commit({{transaction_note, transaction_}});
  }

  /// Who still came through before everything was dropped is seen by the observer. After that only
  /// a large object can be written to: no lock of the server keeps anybody from it.
  bool replace(const Outgoing& outgoing) {
    clear_database(hold_);
    Connection& observer = hold_.observer();
    const std::string objects = large_object_ids(observer);
    if (catalog_print(observer) != outgoing.catalog ||
        tally_large_objects(observer) != outgoing.large_objects ||
        to_attributes(read_properties(observer, plan_.live)) != outgoing.properties) {
      return false;
    }
    for (const std::string& lost : restore_into(hold_, image_, no_progress())) {
      hold_.server().notice(lost);
    }
    // One that was made meanwhile is in neither file.
    return large_object_ids(observer) == objects;
  }

  void commit() {
    auto state = read_token_state(hold_.connection());
    const Snapshot before = snapshot_of(hold_.observer());
    hold_.commit();
    committed_ = true;
    const Snapshot after = snapshot_of(hold_.observer());
    if (!state || !nothing_else_ended(before, after, transaction_)) return;
    state->snapshot = after.text;
    token_ = token_of(*state);
  }

  /// What cannot be told now is for settle() to find out.
  void take_back() noexcept {
    if (committed_) return;
    try {
      hold_.rollback();
      folder_.remove(ParkedName(plan_.outgoing));
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): see above
    }
  }

  const ImageFolder& folder_;
  const InPlacePlan& plan_;
  const std::optional<Token>& expected_;
  ImageFile incoming_;
  ImageReader image_;
  LiveHold hold_;
  std::string transaction_;
  bool committed_ = false;
  std::optional<Token> token_;
};

void check_plan(const Server& server, const InPlacePlan& plan) {
  Connection connection = server.maintenance();
  if (server_identity(connection, server.info()) == plan.server && server.live() == plan.live &&
      find_database(connection, plan.live)) {
    return;
  }
  throw Error(ErrorKind::busy, "database " + plan.live + " was replaced in the meantime")
      .hint("run the command again");
}

}  // namespace

std::optional<Token> exchange_in_place(const Server& server, const ImageFolder& folder,
                                       const InPlacePlan& plan,
                                       const std::optional<Token>& expected) {
  constexpr int tries = 3;
  check_plan(server, plan);
  for (int i = 0; i < tries; ++i) {
    Exchange exchange(server, folder, plan, expected);
    if (exchange.run()) return exchange.token();
  }
  throw Error(ErrorKind::busy, "somebody keeps changing the tables of database " + plan.live)
      .hint("try again when migrations are through");
}

}  // namespace quemsi::postgresql_engine

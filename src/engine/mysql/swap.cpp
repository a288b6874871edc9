#include "engine/mysql/swap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "engine/mysql/kept.hpp"
#include "engine/mysql/swap_guard.hpp"
#include "engine/mysql/swap_session.hpp"
#include "engine/mysql/swap_steps.hpp"
#include "engine/mysql/token.hpp"
#include "engine/mysql/triggers.hpp"
#include "engine/mysql/watch.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

class Exchange {
 public:
  Exchange(const Server& server, const ParkedRegistry& registry, const SwapPlan& plan,
           ConnectionPolicy policy, const std::optional<Token>& expected)
      : server_(server),
        registry_(registry),
        plan_(plan),
        worker_(server.connect()),
        control_(server.connect()),
        way_(server, {plan.live, plan.incoming}, ids(), policy),
        renamer_(worker_, control_, way_),
        steps_(server, registry, plan, worker_, renamer_) {
    if (expected) guard_ = SwapGuard::make(server, names(), renamer_, way_, *expected);
  }

  std::optional<Token> run(const std::optional<Token>& expected) {
    take_swap_lock(worker_, swap_lock(plan_), plan_.live);
    check_plan(expected);
    try {
      prepare();
      const Watch watch(worker_, control_);
      move();
      const bool changed = steps_.objects().take_changes();
      steps_.finish();
      way_.report();
      if (expected && changed) throw_changed(plan_.live);
      return token_since(watch);
    } catch (const Error&) {
      way_.report();
      if (!moved_ && !worker_.lost()) undo();
      throw;
    }
  }

 private:
  [[nodiscard]] std::set<std::string> ids() const {
    return {std::to_string(worker_.id()), std::to_string(control_.id())};
  }

  /// Whoever settles this will try again what goes wrong here.
  void undo() noexcept {
    try {
      // What it locks is in the way.
      guard_.reset();
      steps_.undo();
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): the first error is told
    }
  }

  void check_plan(const std::optional<Token>& expected) {
    const bool same =
        server_identity(worker_) == plan_.server &&
        find_complete_shape(worker_, registry_, plan_.incoming) == plan_.incoming_shape &&
        !find_schema(worker_, plan_.outgoing) &&
        find_shape(worker_, plan_.live) == plan_.live_shape;
    if (!same) {
      throw Error(ErrorKind::busy, "database " + plan_.live + " was replaced in the meantime")
          .hint("run the command again");
    }
    if (!expected) return;
    const bool proven =
        plan_.live_shape && proves(*expected, worker_, plan_.live, *plan_.live_shape);
    if (!proven) throw_changed(plan_.live);
  }

  void prepare() {
    if (guard_ && !guard_->begin()) throw_changed(plan_.live);
    if (plan_.live_shape) {
      registry_.mark(ParkedName(plan_.outgoing), plan_.server);
      create_schema(worker_, plan_.outgoing, plan_.live_shape->facts);
    } else {
      create_schema(worker_, plan_.live, plan_.incoming_shape.facts);
    }
    steps_.objects().prepare(names());
    make_helper(worker_, plan_.incoming, names().marker());
    const bool has_triggers = !plan_.incoming_shape.triggers.empty();
    if (!guard_ && has_triggers) drop_triggers(server_, worker_, plan_.incoming);
  }

  void move() {
    Renames first = names().moves_away();
    Renames rest = names().moves_in();
    // To drop triggers moves InnoDB's position, so that it is done when live is out of reach.
    const bool in_one =
        !names().live_has_any_triggers() && (!guard_ || plan_.incoming_shape.triggers.empty());
    if (in_one) {
      first.insert(first.end(), rest.begin(), rest.end());
      rest.clear();
    }
    if (!in_one) wait_for_readers();
    rename_first(first);
    moved_ = in_one;
    sweep();
    if (in_one) return;
    if (!steps_.has_planned_triggers()) {
      renamer_.rename(reversed(names().moves_away()));
      throw_changed(plan_.live);
    }
    drop_triggers(server_, worker_, plan_.live);
    drop_triggers(server_, worker_, plan_.incoming);
    const Renames out = names().moves_out();
    rest.insert(rest.begin(), out.begin(), out.end());
    renamer_.rename(rest);
    moved_ = true;
  }

  void rename_first(const Renames& renames) {
    constexpr unsigned has_trigger = 1435;
    try {
      if (!guard_) {
        renamer_.rename(renames);
      } else if (!guard_->rename(renames)) {
        throw_changed(plan_.live);
      }
    } catch (const Error&) {
      // It had none when this was planned.
      if (worker_.error_code() == has_trigger) throw_changed(plan_.live);
      throw;
    }
  }

  /// Nobody gets at live's tables from the first rename to the second: what would keep that one
  /// waiting must not be there.
  void wait_for_readers() {
    while (is_being_read(control_, plan_.incoming)) {
      if (way_.remaining().count() == 0) throw way_.busy(control_);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  /// Tables that somebody made since they were listed belong to what went out.
  void sweep() {
    Renames strays;
    std::set<std::string> known;
    for (const TableEntry& table : names().incoming_tables()) known.insert(table.name);
    if (!moved_) known.clear();
    if (!plan_.live_shape) return;
    for (const TableEntry& table : read_tables(worker_, plan_.live)) {
      if (known.contains(table.name)) continue;
      strays.push_back({plan_.live, table.name, plan_.outgoing, table.name});
    }
    move_with_triggers(server_, renamer_, strays);
  }

  /// Of the new live content: given when nobody has changed anything since before it became live.
  std::optional<Token> token_since(const Watch& watch) try {
    const SchemaShape shape = read_shape(control_, plan_.live);
    open_tables(control_, plan_.live, shape.tables);
    open_tables(control_, plan_.outgoing, names().live_tables());
    const auto position = read_position(control_);
    if (!position || !watch.saw_nothing()) return std::nullopt;
    if (!has_same_names(shape, plan_.incoming_shape)) return std::nullopt;
    return token_of(control_, *position, plan_.live, shape);
  } catch (const Error&) {
    return std::nullopt;  // The exchange is done, whatever keeps us from proving it.
  }

  [[nodiscard]] const SwapNames& names() const { return steps_.names(); }

  const Server& server_;
  const ParkedRegistry& registry_;
  const SwapPlan& plan_;
  Connection worker_;
  Connection control_;
  WayClearer way_;
  Renamer renamer_;
  SwapSteps steps_;
  std::unique_ptr<SwapGuard> guard_;  ///< when live must not have changed
  bool moved_ = false;
};

}  // namespace

void throw_changed(const std::string& schema) {
  throw Error(ErrorKind::busy, "database " + schema + " was changed in the meantime")
      .hint("run the command again");
}

std::optional<Token> exchange(const Server& server, const ParkedRegistry& registry,
                              const SwapPlan& plan, const std::optional<Token>& expected,
                              ConnectionPolicy policy) {
  return Exchange(server, registry, plan, policy, expected).run(expected);
}

}  // namespace quemsi::mysql_engine

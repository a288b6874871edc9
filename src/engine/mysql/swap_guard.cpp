#include "engine/mysql/swap_guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "engine/mysql/swap.hpp"
#include "engine/mysql/token.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

/// The first that renames tables under LOCK TABLES.
constexpr unsigned long oldest_mysql_with_locks = 80013;

/// Until destruction.
class Locked {
 public:
  Locked(Renamer& renamer, const std::vector<std::string>& tables) : renamer_(renamer) {
    renamer_.lock(tables, LockKind::write);
  }
  ~Locked() {
    try {
      renamer_.unlock();
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch): the session's end unlocks as well
    }
  }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

 private:
  Renamer& renamer_;
};

/// For MariaDB, where a table in memory leaves InnoDB's position alone.
class GateGuard final : public SwapGuard {
 public:
  GateGuard(const Server& server, const SwapNames& names, Renamer& renamer, WayClearer& way,
            std::string position)
      : names_(names),
        renamer_(renamer),
        position_(std::move(position)),
        keeper_(server.connect()) {
    way.add_ours(keeper_);
  }

  bool begin() override {
    for (const int gate : {1, 2}) make_helper(renamer_.worker(), names_.live(), names_.gate(gate));
    return true;
  }

  bool rename(const Renames& renames) override {
    Renames all = renames;
    const Renames gates = names_.gates();
    all.insert(all.end(), gates.begin(), gates.end());
    const Gate gate{.schema = names_.live(),
                    .first = names_.gate(1),
                    .second = names_.gate(2),
                    .keeper = &keeper_,
                    .may_pass = [&] { return is_at(position_); }};
    return renamer_.rename_through(all, gate);
  }

 private:
  bool is_at(const std::string& expected) {
    const auto position = read_position(renamer_.control());
    return position && position->text == expected;
  }

  const SwapNames& names_;
  Renamer& renamer_;
  std::string position_;
  Connection keeper_;
};

/// For MySQL: nobody writes while the exchange makes its tables, and what they have moved the
/// position to is what it must be when the tables are locked for good.
class LockGuard final : public SwapGuard {
 public:
  LockGuard(const Server& server, const SwapNames& names, Renamer& renamer, WayClearer& way,
            std::string position)
      : names_(names),
        renamer_(renamer),
        position_(std::move(position)),
        keeper_(server.connect()),
        reader_(keeper_, renamer.control(), way) {
    way.add_ours(keeper_);
  }

  bool begin() override {
    reader_.lock(live_tables(), LockKind::read);
    return position() == position_;
  }

  bool rename(const Renames& renames) override {
    std::vector<TableEntry> incoming = names_.incoming_tables();
    incoming.push_back({.name = names_.marker()});
    open_tables(renamer_.control(), names_.incoming(), incoming);
    const std::string before = position();
    reader_.unlock();
    std::vector<std::string> tables = live_tables();
    for (const TableEntry& table : incoming) {
      tables.push_back(qualified(names_.incoming(), table.name));
    }
    const Locked locked(renamer_, tables);
    if (before.empty() || position() != before) return false;
    renamer_.rename(renames);
    return true;
  }

 private:
  [[nodiscard]] std::vector<std::string> live_tables() const {
    std::vector<std::string> tables;
    for (const TableEntry& table : names_.live_tables()) {
      tables.push_back(qualified(names_.live(), table.name));
    }
    return tables;
  }

  std::string position() {
    const auto position = read_position(renamer_.control());
    return position ? position->text : std::string();
  }

  const SwapNames& names_;
  Renamer& renamer_;
  std::string position_;
  Connection keeper_;
  Renamer reader_;
};

/// All of the schema's tables must come before the gates.
bool can_be_gated(const SwapNames& names) {
  return std::ranges::all_of(names.live_tables(),
                             [&](const TableEntry& table) { return table.name < names.gate(1); });
}

}  // namespace

void make_helper(Connection& connection, const std::string& schema, const std::string& table) {
  connection.execute(
      fmt::format("CREATE TABLE {} (i INT PRIMARY KEY) ENGINE=MEMORY", qualified(schema, table)));
}

std::unique_ptr<SwapGuard> SwapGuard::make(const Server& server, const SwapNames& names,
                                           Renamer& renamer, WayClearer& way,
                                           const Token& expected) {
  const std::string position = position_of(expected);
  const Connection& worker = renamer.worker();
  const bool mariadb = worker.is_mariadb();
  const bool possible =
      names.has_live() && !position.empty() &&
      (mariadb ? can_be_gated(names) : worker.version() >= oldest_mysql_with_locks);
  if (!possible) throw_changed(names.live());
  if (mariadb) return std::make_unique<GateGuard>(server, names, renamer, way, position);
  return std::make_unique<LockGuard>(server, names, renamer, way, position);
}

}  // namespace quemsi::mysql_engine

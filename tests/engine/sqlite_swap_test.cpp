#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "engine/sqlite/lease.hpp"
#include "engine/sqlite/opening.hpp"
#include "engine/sqlite/swap.hpp"
#include "engine/sqlite_world.hpp"

namespace quemsi::sqlite_engine::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

struct Kind {
  const char* journal_mode;
  int page_size;
};

struct Combination {
  Kind live;
  Kind incoming;
};

void PrintTo(const Combination& c, std::ostream* out) {
  *out << c.live.journal_mode << c.live.page_size << " <- " << c.incoming.journal_mode
       << c.incoming.page_size;
}

class SqliteSwap : public SqliteWorld {};
class SqliteSwapKinds : public SqliteSwap, public testing::WithParamInterface<Combination> {
 protected:
  ParkedName prepare() {
    const auto& [live, incoming] = GetParam();
    make_live(live.journal_mode, live.page_size, "old");
    return park_database(incoming.journal_mode, incoming.page_size, "new");
  }
};

TEST_P(SqliteSwapKinds, NobodyConnected) {
  const ParkedName incoming = prepare();
  const std::string before = sqlite_dump(live_);
  const std::string after = sqlite_dump(path_of(incoming));
  const ParkedName outgoing = new_name();
  const auto inode = identity_of(path_of(incoming));
  const auto token = swap(incoming, outgoing);
  EXPECT_EQ(identity_of(live_), inode) << "it should have been renamed";
  ASSERT_TRUE(token);
  EXPECT_TRUE(database_.unchanged_since(*token));
  EXPECT_EQ(sqlite_dump(live_), after);
  EXPECT_EQ(sqlite_dump(path_of(outgoing)), before);
  EXPECT_EQ(sqlite_shell(live_, "PRAGMA integrity_check; PRAGMA page_size;"),
            "ok\n" + std::to_string(GetParam().incoming.page_size) + "\n");
}

TEST_P(SqliteSwapKinds, ApplicationsConnected) {
  const ParkedName incoming = prepare();
  SqliteShell idle(live_);
  SqliteShell busy(live_);
  busy.run("UPDATE t SET label='written' WHERE id=1");
  const std::string before = sqlite_dump(live_);
  const std::string after = sqlite_dump(path_of(incoming));
  const ParkedName outgoing = new_name();
  swap(incoming, outgoing);
  for (SqliteShell* app : {&idle, &busy}) {
    EXPECT_EQ(app->run("SELECT DISTINCT label FROM t"), "new\n");
    EXPECT_EQ(app->run("PRAGMA integrity_check"), "ok\n");
  }
  EXPECT_EQ(sqlite_dump(live_), after);
  EXPECT_EQ(sqlite_dump(path_of(outgoing)), before);
  EXPECT_EQ(sqlite_shell(path_of(outgoing), "PRAGMA integrity_check;"), "ok\n");
  EXPECT_EQ(busy.run("UPDATE t SET label='goes on' WHERE id=2"), "");
  EXPECT_EQ(idle.run("SELECT label FROM t WHERE id=2"), "goes on\n");
  const ParkedName again = new_name();
  swap(outgoing, again);
  EXPECT_EQ(idle.run("SELECT label FROM t WHERE id=1"), "written\n");
  EXPECT_EQ(sqlite_dump(live_), before);
  EXPECT_THAT(sqlite_dump(path_of(again)), HasSubstr("goes on"));
}

constexpr Kind rollback_small{"delete", 1024};
constexpr Kind rollback_usual{"delete", 4096};
constexpr Kind rollback_large{"delete", 65536};
constexpr Kind log_small{"wal", 512};
constexpr Kind log_usual{"wal", 4096};
constexpr Kind log_large{"wal", 32768};

INSTANTIATE_TEST_SUITE_P(
    Kinds, SqliteSwapKinds,
    testing::Values(Combination{rollback_usual, rollback_usual}, Combination{log_usual, log_usual},
                    Combination{rollback_usual, log_usual}, Combination{log_usual, rollback_usual},
                    Combination{rollback_small, rollback_large},
                    Combination{rollback_large, rollback_small}, Combination{log_small, log_large},
                    Combination{log_large, log_small}, Combination{rollback_small, log_large},
                    Combination{rollback_large, log_small}, Combination{log_small, rollback_large},
                    Combination{log_large, rollback_small}));

TEST_F(SqliteSwap, LogOfAKilledApplicationGoesWithItsState) {
  make_live("wal", 4096, "old");
  const ParkedName incoming = park_database("wal", 4096, "new");
  SqliteShell app(live_);
  app.run("UPDATE t SET label='acknowledged'");
  app.kill();
  ASSERT_TRUE(identity_of(wal_of(live_)));
  const ParkedName outgoing = new_name();
  swap(incoming, outgoing);
  EXPECT_EQ(labels(live_), "new\n");
  EXPECT_EQ(labels(path_of(outgoing)), "acknowledged\n");
}

TEST_F(SqliteSwap, LogWithoutItsDatabaseIsNotMixedIntoTheNewOne) {
  make_live("wal", 4096, "old");
  const ParkedName incoming = park();
  SqliteShell app(live_);
  app.run("UPDATE t SET label='of a removed database'");
  app.kill();
  std::filesystem::remove(live_);
  ASSERT_TRUE(identity_of(wal_of(live_)));
  swap(incoming, new_name());
  EXPECT_EQ(labels(live_), "old\n");
}

TEST_F(SqliteSwap, BlankedJournalDoesNotStandInTheWay) {
  make_live("persist", 4096, "old");
  sqlite_shell(live_, "PRAGMA journal_mode=PERSIST; UPDATE t SET label='older';");
  ASSERT_TRUE(identity_of(journal_of(live_)));
  const ParkedName incoming = park_database("delete", 4096, "new");
  const ParkedName outgoing = new_name();
  swap(incoming, outgoing);
  EXPECT_EQ(labels(live_), "new\n");
  EXPECT_EQ(labels(path_of(outgoing)), "older\n");
}

TEST_F(SqliteSwap, LinkToLiveStaysALink) {
  make_live("delete", 4096, "old");
  const std::filesystem::path link = dir_.path() / "link.db";
  std::filesystem::create_symlink("app data/live.db", link);
  const ParkedName incoming = park_database("delete", 4096, "new");
  SqliteDatabase linked = open(link);
  EXPECT_EQ(linked.location(), database_.location());
  linked.swap(linked.plan_swap(incoming, new_name()));
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(labels(live_), "new\n");
}

TEST_F(SqliteSwap, ModeOfLiveStays) {
  make_live("delete", 4096, "old");
  ASSERT_EQ(chmod(live_.c_str(), 0640), 0);
  const ParkedName incoming = park_database("delete", 4096, "new");
  swap(incoming, new_name());
  struct stat info {};
  ASSERT_EQ(stat(live_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0640U);
}

TEST_F(SqliteSwap, EmptyDatabaseComesInWhileAnApplicationIsConnected) {
  for (const char* mode : {"delete", "wal"}) {
    std::filesystem::remove(live_);
    open_file(live_, O_WRONLY | O_CREAT);
    const ParkedName incoming = park();
    make_live(mode, 4096, "old");
    SqliteShell app(live_);
    const ParkedName outgoing = new_name();
    swap(incoming, outgoing);
    EXPECT_EQ(app.run("SELECT count(*) FROM sqlite_master"), "0\n") << mode;
    EXPECT_EQ(labels(path_of(outgoing)), "old\n") << mode;
    database_.drop_parked(outgoing);
  }
}

TEST_F(SqliteSwap, RowidsSurviveAnotherPageSize) {
  make_live("wal", 4096, "old");
  const std::filesystem::path other = dir_.path() / "other.db";
  sqlite_shell(other,
               "PRAGMA page_size=1024; CREATE TABLE r(x);"
               "INSERT INTO r(rowid, x) VALUES(7,'a'),(1000,'b'),(-5,'c');");
  const ParkedName incoming = new_name();
  open(other).copy_live(incoming, Content::all, CopyLimit::none, no_progress());
  SqliteShell app(live_);
  swap(incoming, new_name());
  EXPECT_EQ(app.run("SELECT rowid, x FROM r ORDER BY 1"), "-5|c\n7|a\n1000|b\n");
}

TEST_F(SqliteSwap, WhatAUserWroteIntoATemporaryDatabaseComesIn) {
  make_live("wal", 4096, "old");
  const ParkedName incoming = park();
  SqliteShell user(path_of(incoming));
  user.run("UPDATE t SET label='by the user'");
  EXPECT_EQ(error_of([&] { swap(incoming, new_name()); }).kind(), ErrorKind::busy);
  user.kill();
  swap(incoming, new_name());
  EXPECT_EQ(labels(live_), "by the user\n");
}

TEST_F(SqliteSwap, OwnViewOfLiveStaysExact) {
  make_live("wal", 4096, "old");
  const ParkedName incoming = park_database("wal", 4096, "new");
  const auto view = database_.pin(Content::all);
  const ParkedName outgoing = new_name();
  swap(incoming, outgoing);
  SqliteShell app(live_);
  EXPECT_EQ(app.run("UPDATE t SET label='newest' WHERE id=1"), "");
  MemoryImage image;
  view->write(image, no_progress());
  const ParkedName name = new_name();
  database_.materialise(image, name, no_progress());
  EXPECT_EQ(labels(path_of(name)), "old\n");
  EXPECT_EQ(labels(live_), "new\nnewest\n");
}

// -- leases ---------------------------------------------------------------------

TEST_F(SqliteSwap, LeaseIsRefusedWhileAnybodyHasTheFileOpen) {
  make_live();
  {
    const SqliteShell app(live_);
    EXPECT_FALSE(Lease::take(live_));
  }
  {
    const Fd own = open_file(live_, O_RDONLY);
    EXPECT_FALSE(Lease::take(live_));
  }
  EXPECT_TRUE(Lease::take(live_));
}

/// Opens `file` in a process of its own; the lease's holder is told by a signal.
class Opener {
 public:
  explicit Opener(const std::filesystem::path& file) : pid_(fork()) {
    if (pid_ == 0) _exit(::open(file.c_str(), O_RDONLY) >= 0 ? 0 : 1);
  }
  ~Opener() { waitpid(pid_, nullptr, 0); }

 private:
  pid_t pid_;
};

TEST_F(SqliteSwap, LeaseTellsWhenSomebodyWaitsAndLetsHimIn) {
  make_live();
  std::optional<Opener> opener;
  {
    const auto lease = Lease::take(live_);
    ASSERT_TRUE(lease);
    EXPECT_TRUE(lease->untouched());
    opener.emplace(live_);
    while (lease->untouched()) usleep(1000);
  }
  opener.reset();
  EXPECT_TRUE(Lease::take(live_));
}

/// Opens and reads the database again and again until it ends.
class RestlessReader {
 public:
  explicit RestlessReader(const std::filesystem::path& file) : pid_(fork()) {
    if (pid_ == 0) read_for_ever(file);
  }
  ~RestlessReader() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  RestlessReader(const RestlessReader&) = delete;
  RestlessReader& operator=(const RestlessReader&) = delete;

 private:
  [[noreturn]] static void read_for_ever(const std::filesystem::path& file) {
    for (;;) {
      sqlite3* db = nullptr;
      if (sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK) {
        sqlite3_busy_timeout(db, 1000);
        sqlite3_exec(db, "UPDATE t SET filler = filler || 'x' WHERE id = 1", nullptr, nullptr,
                     nullptr);
      }
      sqlite3_close(db);
    }
  }

  pid_t pid_;
};

TEST_F(SqliteSwap, OpeningAllTheTimeNeverMixesTheStates) {
  for (const char* mode : {"delete", "wal"}) {
    std::filesystem::remove(live_);
    make_live(mode, 4096, "one");
    ParkedName incoming = park_database(mode, 4096, "two");
    context_.busy_timeout = std::chrono::seconds(20);
    SqliteDatabase database = open(live_);
    {
      const RestlessReader reader(live_);
      for (int i = 0; i < 30; ++i) {
        const ParkedName outgoing = new_name();
        const std::string plan = database.plan_swap(incoming, outgoing);
        database.swap(plan);
        EXPECT_EQ(database.settle(plan), Settled::done);
        ASSERT_EQ(labels(path_of(outgoing)), i % 2 == 0 ? "one\n" : "two\n") << mode << i;
        incoming = outgoing;
      }
    }
    EXPECT_EQ(labels(live_), "one\n");
    EXPECT_EQ(sqlite_shell(live_, "PRAGMA integrity_check;"), "ok\n");
    EXPECT_EQ(sqlite_shell(path_of(incoming), "PRAGMA integrity_check;"), "ok\n");
    database_.drop_parked(incoming);
  }
}

// -- publishing -----------------------------------------------------------------

TEST_F(SqliteSwap, PublishGoesToAnotherDevice) {
  make_live("wal", 4096, "old");
  const ParkedName name = park();
  const std::filesystem::path folder = "/dev/shm/quemsi test " + new_name().str();
  std::filesystem::create_directory(folder);
  database_.publish(
      name, {.name = "x", .engine = "sqlite", .url = "sqlite:" + (folder / "a.db").string()},
      false);
  EXPECT_EQ(labels(folder / "a.db"), "old\n");
  EXPECT_THAT(database_.list_parked(), IsEmpty());
  std::filesystem::remove_all(folder);
}

TEST_F(SqliteSwap, PublishReplacesDatabasesOnly) {
  make_live();
  const std::filesystem::path text = dir_.path() / "thesis.txt";
  const std::string words(3000, 'w');
  write_all(open_file(text, O_WRONLY | O_CREAT), std::as_bytes(std::span(words)), text);
  const ParkedName name = park();
  const DatabaseSpec target{.name = "x", .engine = "sqlite", .url = "sqlite:thesis.txt"};
  EXPECT_EQ(error_of([&] { database_.publish(name, target, true); }).kind(), ErrorKind::user);
  EXPECT_EQ(read_text_file(text), words);
  const DatabaseSpec nowhere{.name = "x", .engine = "sqlite", .url = "sqlite:no/folder/a.db"};
  EXPECT_EQ(error_of([&] { database_.publish(name, nowhere, false); }).kind(), ErrorKind::user);
  EXPECT_EQ(labels(path_of(name)), "live\n");
}

}  // namespace
}  // namespace quemsi::sqlite_engine::test

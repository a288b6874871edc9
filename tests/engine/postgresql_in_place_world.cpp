#include "engine/postgresql_in_place_world.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

namespace quemsi::postgresql_engine::test {

void InPlaceWorld::may_create_databases(bool may) const {
  server_.admin(std::string("ALTER ROLE app ") + (may ? "CREATEDB" : "NOCREATEDB"));
}

std::unique_ptr<Database> InPlaceWorld::serve() const {
  return PostgresqlEngine().open(spec_, context_);
}

ParkedName InPlaceWorld::park() const {
  const ParkedName name = new_name();
  serve()->copy_live(name, Content::all, CopyLimit::none, no_progress());
  return name;
}

void InPlaceWorld::swap(const ParkedName& incoming, const ParkedName& outgoing) const {
  const auto database = serve();
  static_cast<void>(database->swap(database->plan_swap(incoming, outgoing)));
}

std::vector<std::string> InPlaceWorld::listed() const {
  std::vector<std::string> names;
  for (const ParkedInfo& info : serve()->list_parked()) names.push_back(info.name.str());
  return names;
}

std::string InPlaceWorld::live_dump() const {
  return PostgresServer::dump(server_.url("app", "postgres"));
}

std::string InPlaceWorld::build(const ParkedName& name) const {
  MemoryImage image;
  serve()->open_parked(name)->write(image, no_progress());
  const ParkedName copy = new_name();
  PostgresqlDatabase(
      {.name = "reader", .engine = "postgresql", .url = server_.url("reader", "postgres")},
      {.top = elsewhere_.path(), .state_dir = elsewhere_.path()})
      .materialise(image, copy, no_progress());
  return server_.url(copy.str(), "postgres");
}

std::string InPlaceWorld::dump_of(const ParkedName& name) const {
  return PostgresServer::dump(build(name));
}

std::string InPlaceWorld::run_on(const ParkedName& name, const std::string& sql) const {
  return PostgresServer::psql(build(name), sql);
}

void InPlaceWorld::wait_until_blocked() const {
  PostgresApplication admin(server_.url("postgres", "postgres"), "watcher");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (admin.run("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                   "AND application_name LIKE 'git-quemsi swap%'") != "1\n") {
    if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("nothing waits");
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

void InPlaceWorld::swap_and_kill(const std::string& plan,
                                 const std::function<void()>& ready) const {
  const pid_t child = fork();
  if (child == 0) {
    try {
      static_cast<void>(serve()->swap(plan));
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): settle() tells
    }
    _exit(0);
  }
  ready();
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

}  // namespace quemsi::postgresql_engine::test

// A database whose role may not create others: it is exchanged in place.
#pragma once

#include <functional>

#include "engine/postgresql/engine.hpp"
#include "engine/postgresql_client.hpp"
#include "engine/postgresql_image_world.hpp"

namespace quemsi::postgresql_engine::test {

using quemsi::test::PostgresApplication;

class InPlaceWorld : public ImageWorld {
 protected:
  InPlaceWorld() { may_create_databases(false); }
  /// The server is everybody's.
  ~InPlaceWorld() override { may_create_databases(true); }

  void may_create_databases(bool may) const;
  [[nodiscard]] std::unique_ptr<Database> serve() const;
  /// A parked copy of live as it is now.
  [[nodiscard]] ParkedName park() const;
  void swap(const ParkedName& incoming, const ParkedName& outgoing) const;
  [[nodiscard]] std::vector<std::string> listed() const;
  /// Both as an administrator's pg_dump tells them; the copy is built elsewhere for that.
  [[nodiscard]] std::string live_dump() const;
  [[nodiscard]] std::string dump_of(const ParkedName& name) const;
  /// SQL on what a parked copy holds.
  [[nodiscard]] std::string run_on(const ParkedName& name, const std::string& sql) const;
  /// Waits until the transaction that exchanges waits for somebody's lock.
  void wait_until_blocked() const;
  /// In a process of its own, which is killed when `ready` returns.
  void swap_and_kill(const std::string& plan, const std::function<void()>& ready) const;

 private:
  [[nodiscard]] std::string build(const ParkedName& name) const;

  TempDir elsewhere_;
};

}  // namespace quemsi::postgresql_engine::test

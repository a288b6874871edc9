// A live schema on the process's shared server, ours and the application's side of it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/memory_image.hpp"
#include "engine/mysql/database.hpp"
#include "engine/mysql/swap.hpp"
#include "engine/mysql_client.hpp"
#include "support/error_of.hpp"
#include "support/mariadb_program.hpp"
#include "support/mariadb_server.hpp"
#include "support/temp_dir.hpp"

namespace quemsi::mysql_engine::test {

using quemsi::test::mariadb_name;
using quemsi::test::MariadbOptions;
using quemsi::test::MariadbServer;
using quemsi::test::MemoryImage;
using quemsi::test::MysqlApplication;
using quemsi::test::shared_mariadb;
using quemsi::test::TempDir;

class MysqlWorld : public testing::Test {
 protected:
  explicit MysqlWorld(MariadbServer& server = shared_mariadb());
  /// Drops what it made, and all parked copies.
  ~MysqlWorld() override;

  [[nodiscard]] DatabaseSpec spec(const std::string& user = "app") const;
  [[nodiscard]] MysqlDatabase open() const { return {spec(), context_}; }
  [[nodiscard]] Server server() const { return {spec(), context_}; }
  [[nodiscard]] ParkedRegistry registry() const { return {context_.state_dir, "app"}; }
  /// Oracle's server, not MariaDB's.
  static bool mysql() { return quemsi::test::server_is_mysql(); }
  /// SQL that MySQL would not understand.
  static std::string on_mariadb(const std::string& sql) { return mysql() ? "" : sql; }
  /// A table with the column `seq`.
  static std::string numbers_to(int last);
  static ParkedName new_name() { return parked_name(new_image_id()); }
  /// SQL by the application's user.
  std::string run(const std::string& sql) const { return MariadbServer::client(url(live_), sql); }
  [[nodiscard]] std::string run_in(const ParkedName& name, const std::string& sql) const {
    return MariadbServer::client(url(name.str()), sql);
  }
  [[nodiscard]] std::string url(const std::string& schema) const { return server_.url(schema); }
  [[nodiscard]] std::string dump() const { return server_.dump(live_); }
  [[nodiscard]] std::string dump(const ParkedName& name) const { return server_.dump(name.str()); }
  /// A parked copy of live as it is.
  ParkedName park() const;
  std::unique_ptr<MemoryImage> seal(Content content = Content::all) const;
  ParkedName materialise(const ImageSource& image) const;
  std::optional<Token> swap(const ParkedName& incoming, const ParkedName& outgoing) const;
  [[nodiscard]] std::vector<std::string> listed() const;
  /// All schemas of ours, listed or not.
  [[nodiscard]] std::vector<std::string> parked_schemas() const;

  MariadbServer& server_;
  TempDir dir_;
  std::string live_ = "the app größe";
  std::vector<std::string> notices_;
  EngineContext context_{.top = dir_.path(),
                         .state_dir = dir_.path() / "state",
                         .busy_timeout = std::chrono::milliseconds(300),
                         .connections = ConnectionPolicy::terminate,
                         .allowed_hosts = {},
                         .tools = {},
                         .notice = [this](const std::string& line) { notices_.push_back(line); }};
};

using quemsi::test::error_of;

/// Fails with what differs only: dumps are long.
void expect_same(const std::string& found, const std::string& expected,
                 const std::string& when = {});

/// Message, causes and hints, a line each.
std::string all_of(const Error& error);

}  // namespace quemsi::mysql_engine::test

// A database on the process's shared server, ours and the application's side of it. What is in it
// is told by a single label.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/postgresql/parked.hpp"
#include "engine/postgresql/server.hpp"
#include "engine/postgresql/swap.hpp"
#include "engine/postgresql_client.hpp"
#include "support/error_of.hpp"
#include "support/postgres_server.hpp"
#include "support/temp_dir.hpp"

namespace quemsi::postgresql_engine::test {

using quemsi::test::PostgresApplication;
using quemsi::test::PostgresOptions;
using quemsi::test::PostgresServer;
using quemsi::test::shared_postgres;
using quemsi::test::sql_name;
using quemsi::test::sql_text;
using quemsi::test::TempDir;

class PostgresqlWorld : public testing::Test {
 protected:
  explicit PostgresqlWorld(PostgresServer& server = shared_postgres());
  ~PostgresqlWorld() override;

  [[nodiscard]] DatabaseSpec spec(const std::string& user = "app") const;
  [[nodiscard]] Server open() const { return {spec(), context_}; }
  [[nodiscard]] ParkedRegistry registry() const { return {context_.state_dir, "app"}; }
  static ParkedName new_name() { return parked_name(new_image_id()); }
  /// A parked copy with that label.
  ParkedName park(const std::string& label);
  std::optional<Token> swap(const ParkedName& incoming, const ParkedName& outgoing);
  SwapPlan plan(const ParkedName& incoming, const ParkedName& outgoing) const;
  std::optional<Token> carry_out(const SwapPlan& plan) const;
  [[nodiscard]] std::string url(const std::string& database) const { return server_.url(database); }
  [[nodiscard]] std::string live_url() const { return server_.url(live_); }
  void fill(const std::string& database, const std::string& label) const;
  [[nodiscard]] std::string label(const std::string& database) const;
  [[nodiscard]] std::string live_label() const { return label(live_); }
  [[nodiscard]] std::vector<std::string> listed() const;
  [[nodiscard]] bool exists(const std::string& database) const;

  PostgresServer& server_;
  TempDir dir_;
  std::string live_ = "app's \"db\"";
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

/// Message, causes and hints, a line each.
std::string all_of(const Error& error);

}  // namespace quemsi::postgresql_engine::test

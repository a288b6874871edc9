// A schema whose user may not make others: it is exchanged in place.
#pragma once

#include "engine/mysql/engine.hpp"
#include "engine/mysql_world.hpp"

namespace quemsi::mysql_engine::test {

class InPlaceWorld : public MysqlWorld {
 protected:
  InPlaceWorld();
  ~InPlaceWorld() override;
  InPlaceWorld(const InPlaceWorld&) = delete;
  InPlaceWorld& operator=(const InPlaceWorld&) = delete;

  void may_make_schemas(bool may) const;
  [[nodiscard]] DatabaseSpec plain_spec() const { return spec("plain"); }
  [[nodiscard]] std::unique_ptr<Database> serve() const;
  [[nodiscard]] Server plain_server() const { return {plain_spec(), context_}; }
  /// Whether the server renames tables for whoever may have that.
  [[nodiscard]] bool renames() const { return renames_as_one(plain_server().connect()); }
  /// SQL by the user of the URL.
  std::string sql(const std::string& text) const {
    return MariadbServer::client(plain_spec().url, text);
  }
  /// Whether that went well.
  [[nodiscard]] bool try_sql(const std::string& text) const {
    return MariadbServer::try_client(plain_spec().url, text).exit_code == 0;
  }
  /// A parked copy of live as it is now.
  [[nodiscard]] ParkedName park_file() const;
  std::optional<Token> exchange(const ParkedName& incoming, const ParkedName& outgoing) const;
  [[nodiscard]] std::vector<std::string> copies() const;
  /// What a parked copy holds, as mariadb-dump tells; it is built elsewhere for that, by root.
  [[nodiscard]] std::string dump_of(const ParkedName& name) const;
  [[nodiscard]] std::string sql_on(const ParkedName& name, const std::string& text) const;
  /// Hidden tables and files of exchanges that are over.
  void expect_nothing_left(const std::string& when = {}) const;

 private:
  [[nodiscard]] ParkedName build(const ParkedName& name) const;

  TempDir elsewhere_;
};

}  // namespace quemsi::mysql_engine::test

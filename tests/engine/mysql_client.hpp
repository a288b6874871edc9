// MariaDB as an application uses it: a connection that stays open, and is opened again when it was
// closed by somebody else. Of the client library, so that nothing of ours is trusted.
#pragma once

#include <mysql.h>

#include <string>

#include "engine/quirks.hpp"
#include "util/c_handle.hpp"

namespace quemsi::test {

class MysqlApplication final : public Application {
 public:
  /// `url` as MariadbServer::url() writes it.
  explicit MysqlApplication(const std::string& url);

  /// One or more statements, with semicolons in between.
  std::string run(const std::string& sql) override;
  void kill() override;
  [[nodiscard]] std::string process_name() const override;
  [[nodiscard]] std::string id() const;
  /// True once the server has closed it; false when it does not in a while.
  bool gets_closed();

 private:
  void connect();

  std::string user_;
  std::string password_;
  std::string schema_;
  std::string socket_;
  CHandle<MYSQL, mysql_close> connection_;
};

}  // namespace quemsi::test

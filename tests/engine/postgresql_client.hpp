// PostgreSQL as an application uses it: a connection that stays open, and is opened again when it
// was closed by somebody else. Of libpq, so that nothing of ours is trusted.
#pragma once

#include <libpq-fe.h>

#include <string>

#include "engine/quirks.hpp"
#include "util/c_handle.hpp"

namespace quemsi::test {

class PostgresApplication final : public Application {
 public:
  explicit PostgresApplication(std::string url, std::string name = "the app");

  std::string run(const std::string& sql) override;
  /// As run(), by an application that gives up when its connection is closed.
  std::string run_once(const std::string& sql);
  void kill() override;
  [[nodiscard]] std::string process_name() const override;
  [[nodiscard]] std::string pid() const;
  /// True while the server has not closed it.
  [[nodiscard]] bool connected();
  /// Waits for the server to close it; false when it does not.
  [[nodiscard]] bool gets_closed();

 private:
  using Result = CHandle<PGresult, PQclear>;
  void connect();
  Result send(const std::string& sql);
  std::string text_of(const Result& result);

  std::string url_;
  std::string name_;
  CHandle<PGconn, PQfinish> connection_;
};

}  // namespace quemsi::test

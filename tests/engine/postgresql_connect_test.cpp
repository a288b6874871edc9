// The ways to a server other than its socket.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "engine/certificates.hpp"
#include "engine/postgresql_image_world.hpp"
#include "support/file_damage.hpp"
#include "support/server_account.hpp"

namespace quemsi::postgresql_engine::test {
namespace {

using quemsi::test::Certificates;
using quemsi::test::PostgresOptions;
using quemsi::test::sql_text;
using quemsi::test::write_file;

/// Of this machine, and of no other process's server.
std::string own_address() {
  const auto id = static_cast<unsigned>(getpid());
  return fmt::format("127.{}.{}.{}", 1 + id % 250, 1 + id / 250 % 250, 1 + id / 62500 % 250);
}

/// A server that lets nobody in by TCP without TLS and a password.
class TlsServer {
 public:
  TlsServer() : certificates_(address_), server_(options()) {}

  [[nodiscard]] PostgresServer& server() { return server_; }
  [[nodiscard]] std::string url(const std::string& mode,
                                const std::string& authority = "ca") const {
    return fmt::format("postgresql://secret:it%27s%20a%20secret@{}/app?sslmode={}&sslrootcert={}",
                       address_, mode, encoded(certificates_.file(authority)));
  }

 private:
  static std::string encoded(const std::string& path) {
    std::string text;
    for (const char c : path) text += c == ' ' ? "%20" : std::string(1, c);
    return text;
  }
  [[nodiscard]] PostgresOptions options() const {
    write_file(certificates_.file("access"),
               "local all all trust\nhostssl all secret 127.0.0.0/8 scram-sha-256\n");
    quemsi::test::ServerAccount("postgres").give(certificates_.folder());
    const auto setting = [&](const std::string& name, const std::string& value) {
      return name + " = " + sql_text(value);
    };
    return {.settings = {setting("listen_addresses", address_), setting("ssl", "on"),
                         setting("ssl_cert_file", certificates_.file("cert")),
                         setting("ssl_key_file", certificates_.file("key")),
                         setting("hba_file", certificates_.file("access"))}};
  }

  std::string address_ = own_address();
  Certificates certificates_;
  PostgresServer server_;
};

class PostgresqlTls : public ImageWorld {
 protected:
  PostgresqlTls() : ImageWorld(tls_->server()) {
    server_.admin("ALTER DATABASE app OWNER TO secret");
    spec_.url = tls_->url("verify-full");
  }
  static void SetUpTestSuite() { tls_ = std::make_unique<TlsServer>(); }
  static void TearDownTestSuite() { tls_.reset(); }

  /// Whether a connection by that URL is encrypted.
  static bool is_encrypted(const std::string& url) {
    Connection connection = Connection::open(ConnectInfo::parse(url), "test");
    return connection.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        .boolean(0, 0);
  }

  static inline std::unique_ptr<TlsServer> tls_;
};

TEST_F(PostgresqlTls, IsUsedAndChecksTheServersCertificate) {
  for (const char* mode : {"require", "verify-ca", "verify-full"}) {
    EXPECT_TRUE(is_encrypted(tls_->url(mode))) << mode;
  }
  EXPECT_THROW(is_encrypted(tls_->url("verify-ca", "other")), Error);
  EXPECT_THROW(is_encrypted(tls_->url("disable")), Error);
}

TEST_F(PostgresqlTls, IsHowSnapshotsAreReadAndBuilt) {
  admin("SET ROLE secret; CREATE TABLE t AS SELECT 1 AS x");
  EXPECT_EQ(server_.admin("SELECT x FROM t", materialise(*seal()).str()), "1\n");
}

/// Entered as `theapp` in a service file, without anything in the URL.
class PostgresqlService : public ImageWorld {
 protected:
  PostgresqlService() {
    write_file(file_,
               "[theapp]\nhost=" + server_.socket_folder().string() + "\nuser=app\ndbname=app\n");
    setenv("PGSERVICEFILE", file_.c_str(), 1);
    spec_.url = "postgresql:///?service=theapp";
  }
  ~PostgresqlService() override { unsetenv("PGSERVICEFILE"); }

  const std::filesystem::path file_ = dir_.path() / "services";
};

TEST_F(PostgresqlService, SaysWhereLiveIsAndWhatIsBesideIt) {
  admin("SET ROLE app; CREATE TABLE t AS SELECT 1 AS x");
  PostgresqlDatabase database = open();
  EXPECT_TRUE(database.probe().exists);
  EXPECT_EQ(run_in(materialise(*seal()), "SELECT x FROM t"), "1\n");
}

}  // namespace
}  // namespace quemsi::postgresql_engine::test

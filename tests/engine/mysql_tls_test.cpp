// Connections that are kept from being read on the way.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/certificates.hpp"
#include "engine/mysql_world.hpp"

namespace quemsi::mysql_engine::test {
namespace {

using quemsi::test::Certificates;

/// Nobody listens on it now.
std::string free_port() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool known = bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(listener);
  if (!known) throw std::runtime_error("no free port");
  return std::to_string(ntohs(address.sin_port));
}

class MysqlTls : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    certificates_ = std::make_unique<Certificates>("127.0.0.1");
    quemsi::test::give_to_server_user(certificates_->folder());
    port_ = free_port();
    server_ = std::make_unique<MariadbServer>(
        MariadbOptions{.settings = {"--skip-networking=OFF", "--bind-address=127.0.0.1",
                                    "--port=" + port_, "--ssl-ca=" + certificates_->file("ca"),
                                    "--ssl-cert=" + certificates_->file("cert"),
                                    "--ssl-key=" + certificates_->file("key")}});
    server_->admin(
        "CREATE USER tcp@'127.0.0.1' IDENTIFIED BY 'its secret'; CREATE USER "
        "safe@'127.0.0.1' IDENTIFIED BY 'its secret' REQUIRE SSL");
  }
  static void TearDownTestSuite() {
    server_.reset();
    certificates_.reset();
  }

  /// The cipher of a connection with these parameters; empty: none.
  static std::string cipher(const std::string& query, const std::string& user = "tcp") {
    Connection connection = Connection::open(
        ConnectInfo::parse("mysql://" + user + ":its%20secret@127.0.0.1:" + port_ + "/x?" + query));
    return connection.query("SHOW SESSION STATUS LIKE 'Ssl_cipher'").str(0, 1);
  }
  static std::string authority(const std::string& name) {
    return "&ssl-ca=" + encode(certificates_->file(name));
  }

 private:
  static std::string encode(const std::string& path) {
    std::string text;
    for (const char c : path) text += c == ' ' ? "%20" : std::string(1, c);
    return text;
  }

 protected:
  static inline std::unique_ptr<Certificates> certificates_;
  static inline std::unique_ptr<MariadbServer> server_;
  static inline std::string port_;
};

TEST_F(MysqlTls, IsUsedWhenItIsRequired) {
  for (const char* query : {"ssl-mode=REQUIRED", "sslmode=require", "ssl=true"}) {
    EXPECT_NE(cipher(query), "") << query;
  }
  EXPECT_EQ(cipher("ssl-mode=DISABLED"), "");
  EXPECT_NE(cipher("ssl-mode=required", "safe"), "");
  EXPECT_THROW(cipher("ssl-mode=DISABLED", "safe"), Error);
}

TEST_F(MysqlTls, ChecksTheServersCertificate) {
  for (const std::string mode : {"VERIFY_CA", "verify-identity"}) {
    EXPECT_NE(cipher("ssl-mode=" + mode + authority("ca")), "") << mode;
    EXPECT_THROW(cipher("ssl-mode=" + mode + authority("other")), Error) << mode;
    EXPECT_THROW(cipher("ssl-mode=" + mode), Error) << mode;
  }
}

/// MySQL's way since 8.0: the password goes in clear, through TLS, or encrypted by the server's
/// key.
TEST_F(MysqlTls, PasswordsGoToMysqlWithItAndWithout) {
  if (!quemsi::test::server_is_mysql()) GTEST_SKIP() << "MySQL's alone";
  ASSERT_EQ(server_->admin("SELECT plugin FROM mysql.user WHERE user = 'tcp'"),
            "caching_sha2_password\n");
  EXPECT_NE(cipher("ssl-mode=REQUIRED"), "");
  server_->admin("FLUSH PRIVILEGES");  // and what it remembers of passwords
  EXPECT_EQ(cipher("ssl-mode=DISABLED"), "");
}

}  // namespace
}  // namespace quemsi::mysql_engine::test

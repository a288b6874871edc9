// A server that answers statements by asking for files of ours, as the protocol lets it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <thread>

#include "engine/mysql/connection.hpp"
#include "quemsi/error.hpp"
#include "support/file_damage.hpp"
#include "support/temp_dir.hpp"
#include "util/fd.hpp"

namespace quemsi::mysql_engine {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char ask_for_file = '\xfb';
constexpr std::string_view all_is_well("\0\0\0\2\0\0\0", 7);
constexpr std::string_view greeting(
    "\x0a"
    "10.11.0-MariaDB\0"
    "\1\0\0\0"
    "12345678\0"
    "\x8f\xa2"  // long password, with database, local files, 4.1, transactions, secure connection
    "\x2d"
    "\2\0"
    "\x0a\0"  // multiple results, plugins for authentication
    "\x15"
    "\0\0\0\0\0\0\0\0\0\0"
    "123456789012\0"
    "mysql_native_password\0",
    83);

/// Serves one connection. Asks for `wanted` instead of answering statements that begin with
/// `trigger`.
class HostileServer {
 public:
  HostileServer(const std::filesystem::path& path, std::string trigger, std::string wanted)
      : trigger_(std::move(trigger)),
        wanted_(std::move(wanted)),
        listener_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.string().size());
    if (bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        listen(listener_.get(), 1) != 0) {
      throw std::system_error(errno, std::generic_category(), path.string());
    }
    thread_ = std::thread([this] { serve(); });
  }
  ~HostileServer() { finish(); }
  HostileServer(const HostileServer&) = delete;
  HostileServer& operator=(const HostileServer&) = delete;

  /// All that the client has sent, once it is gone.
  const std::string& received() {
    finish();
    return received_;
  }

 private:
  void finish() {
    shutdown(listener_.get(), SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
  }

  void serve() {
    client_ = Fd(accept(listener_.get(), nullptr, nullptr));
    if (!client_) return;
    send_packet(0, greeting);
    if (!read_packet()) return;
    send_packet(2, all_is_well);
    while (const auto statement = read_packet()) {
      if (statement->substr(1).starts_with(trigger_)) {
        send_packet(1, ask_for_file + wanted_);
        unsigned char answered = 2;
        while (const auto content = read_packet()) {
          ++answered;
          if (content->empty()) break;
        }
        send_packet(answered, all_is_well);
      } else {
        send_packet(1, all_is_well);
      }
    }
  }

  std::optional<std::string> read_packet() {
    const std::string head = read(4);
    if (head.size() < 4) return std::nullopt;
    const auto byte = [&](std::size_t i) {
      return std::size_t{static_cast<unsigned char>(head[i])};
    };
    std::string body = read(byte(0) | byte(1) << 8 | byte(2) << 16);
    received_ += body;
    return body;
  }

  std::string read(std::size_t size) {
    std::string bytes(size, '\0');
    if (size == 0) return bytes;
    const ssize_t got = recv(client_.get(), bytes.data(), size, MSG_WAITALL);
    bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return bytes;
  }

  void send_packet(unsigned char number, std::string_view body) {
    std::string packet{static_cast<char>(body.size()), '\0', '\0', static_cast<char>(number)};
    packet += body;
    static_cast<void>(send(client_.get(), packet.data(), packet.size(), MSG_NOSIGNAL));
  }

  std::string trigger_;
  std::string wanted_;
  std::string received_;
  Fd listener_;
  Fd client_;
  std::thread thread_;
};

class MysqlHostileServer : public testing::Test {
 protected:
  MysqlHostileServer() { quemsi::test::write_file(secret_, "the secret"); }

  [[nodiscard]] Connection connect() const {
    return Connection::open(
        ConnectInfo::parse("mysql://app@localhost/shop?socket=" + socket_.string()));
  }

  quemsi::test::TempDir folder_;
  std::filesystem::path socket_ = folder_.path() / "s";
  std::filesystem::path secret_ = folder_.path() / "secret";
};

TEST_F(MysqlHostileServer, GetsNoFileForAStatement) {
  HostileServer server(socket_, "SELECT", secret_);
  {
    Connection connection = connect();
    EXPECT_THROW(connection.query("SELECT 1"), Error);
  }
  EXPECT_THAT(server.received(), HasSubstr("SELECT 1"));
  EXPECT_THAT(server.received(), Not(HasSubstr("the secret")));
}

TEST_F(MysqlHostileServer, GetsNoFileWhileItIsGreeted) {
  HostileServer server(socket_, "SET", secret_);
  EXPECT_THROW(connect(), Error);
  EXPECT_THAT(server.received(), HasSubstr("SET NAMES"));
  EXPECT_THAT(server.received(), Not(HasSubstr("the secret")));
}

TEST_F(MysqlHostileServer, GetsTheRowsAndNotTheFileThatItNames) {
  HostileServer server(socket_, "LOAD DATA", secret_);
  {
    Connection connection = connect();
    std::string rows = "1\tthe row\n";
    connection.load("LOAD DATA LOCAL INFILE 'rows' INTO TABLE t", [&](std::span<char> buffer) {
      const std::size_t size = std::min(buffer.size(), rows.size());
      std::memcpy(buffer.data(), rows.data(), size);
      rows.erase(0, size);
      return size;
    });
  }
  EXPECT_THAT(server.received(), HasSubstr("the row"));
  EXPECT_THAT(server.received(), Not(HasSubstr("the secret")));
}

}  // namespace
}  // namespace quemsi::mysql_engine

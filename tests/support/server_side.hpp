// Databases on a real server, whichever it is, as its administrator and other clients see them: for
// tests that are the same for PostgreSQL and MariaDB.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace quemsi::test {

class ServerSide {
 public:
  virtual ~ServerSide() = default;
  /// Makes an empty database of the application's user; one of that name is dropped before.
  virtual void create(const std::string& name) const = 0;
  /// Lets the application's user make one of that name.
  virtual void allow(const std::string& name) const = 0;
  virtual void drop(const std::string& name) const = 0;
  /// All copies of ours that are left.
  virtual void drop_parked() const = 0;
  /// Their number, half-made ones included.
  [[nodiscard]] virtual int parked() const = 0;
  [[nodiscard]] virtual bool exists(const std::string& name) const = 0;
  /// How the application's user connects; by the server's socket, or by one in that place.
  [[nodiscard]] virtual std::string url(const std::string& name) const = 0;
  [[nodiscard]] virtual std::string url(const std::string& name,
                                        const std::filesystem::path& folder) const = 0;
  [[nodiscard]] virtual std::filesystem::path socket() const = 0;
  /// Where the URL with a folder looks for a socket.
  [[nodiscard]] virtual std::filesystem::path socket_in(
      const std::filesystem::path& folder) const = 0;
  /// As if it had lost its power, and not its disk.
  virtual void crash() const = 0;
  virtual void start() const = 0;
  [[nodiscard]] virtual bool answers() const = 0;
  /// By the server's own client.
  virtual std::string sql(const std::string& url, const std::string& text) const = 0;
  /// By the server's own dump program.
  [[nodiscard]] virtual std::string dump(const std::string& url) const = 0;
  /// The application's user may have so many connections from now on; none: any number.
  virtual void limit_connections(std::optional<int> most) const = 0;
};

/// What a suite is run with; starts nothing yet.
struct ServerKind {
  std::string name;
  /// Of the server that the whole process shares.
  std::unique_ptr<ServerSide> (*side)();
  /// Of a server of its own, with all that it writes in that folder.
  std::unique_ptr<ServerSide> (*side_in)(const std::filesystem::path& folder);
};
ServerKind postgresql_kind();
ServerKind mariadb_kind();

}  // namespace quemsi::test

// A connection on loan.
#pragma once

#include <memory>
#include <optional>
#include <utility>

namespace quemsi {

/// Who asks next gets the same connection, as long as Connection::may_be_lent(). What is set in it
/// must be set back.
template <class Connection>
class Loan {
 public:
  using Home = std::shared_ptr<std::optional<Connection>>;

  Loan(Connection connection, Home home)
      : connection_(std::move(connection)), home_(std::move(home)) {}
  ~Loan() {
    if (connection_.may_be_lent()) *home_ = std::move(connection_);
  }
  Loan(const Loan&) = delete;
  Loan& operator=(const Loan&) = delete;

  [[nodiscard]] Connection& get() noexcept { return connection_; }

 private:
  Connection connection_;
  Home home_;
};

}  // namespace quemsi

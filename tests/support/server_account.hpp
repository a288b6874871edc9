// Whom a database server runs as: it refuses to be root's.
#pragma once

#include <filesystem>
#include <string>

#include "support/command.hpp"

namespace quemsi::test {

class ServerAccount {
 public:
  /// `wanted`: the account that root gives it, where there is one.
  explicit ServerAccount(std::string wanted) : wanted_(std::move(wanted)) {}

  /// `argv` under that account, sent `signal` when this process ends.
  [[nodiscard]] Words run_as(const std::string& signal, const Words& argv) const;
  /// Makes the server the owner of everything there.
  void give(const std::filesystem::path& folder) const;
  /// Different where files of one account are not another's to read.
  [[nodiscard]] std::string suffix() const;

 private:
  std::string wanted_;
};

}  // namespace quemsi::test

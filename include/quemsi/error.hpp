// The one error type of the project.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace quemsi {

/// What went wrong, as far as a caller may act on it. The exit code and the
/// wording follow from it in exactly one place (src/cli/error_text.cpp).
enum class ErrorKind {
  user,         ///< asked for something that cannot be: unknown name, refused by policy
  config,       ///< a configuration file or value is wrong, or not trusted
  engine,       ///< a database, or its library, refused
  busy,         ///< somebody else holds what is needed; trying again may help
  corrupt,      ///< stored bytes are not what was written
  unsupported,  ///< the environment lacks what is needed
  io,           ///< the operating system refused: disk full, permission, ...
  cancelled,    ///< the user, or a signal, asked to stop
  internal,     ///< a defect of this program
};

std::string_view to_string(ErrorKind kind);

/// Thrown by every function of the project that fails. Absence is not an error
/// (std::optional says it). Immutable once thrown; safe to copy across threads.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, std::string message);

  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
  /// Underlying reasons, outermost first.
  [[nodiscard]] const std::vector<std::string>& causes() const noexcept { return causes_; }
  /// What to do: each names the exact command to type where there is one.
  [[nodiscard]] const std::vector<std::string>& hints() const noexcept { return hints_; }
  /// SQLSTATE, or empty where the engine gives none.
  [[nodiscard]] const std::string& sqlstate() const noexcept { return sqlstate_; }

  Error& cause(std::string text) &;
  Error&& cause(std::string text) &&;
  Error& hint(std::string text) &;
  Error&& hint(std::string text) &&;
  Error& sqlstate(std::string code) &;
  Error&& sqlstate(std::string code) &&;

 private:
  ErrorKind kind_;
  std::vector<std::string> causes_;
  std::vector<std::string> hints_;
  std::string sqlstate_;
};

}  // namespace quemsi

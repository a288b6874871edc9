// What a command takes: read by the parser, the help text and the completions.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace quemsi::cli {

/// What completes a value.
enum class Completes { nothing, snapshot, temporary, database, branch, kind, file };

struct Option {
  std::vector<std::string> names;  ///< "-m", "--description"
  std::string value;               ///< "TEXT"; empty for a flag
  std::string help;
  bool repeatable = false;
  /// Called once for each use, in order; with "" for a flag. Throws UsageError.
  std::function<void(const std::string&)> take;
  Completes completes = Completes::nothing;

  [[nodiscard]] const std::string& long_name() const { return names.back(); }
};

struct Argument {
  std::string name;  ///< "SNAPSHOT"
  bool required = false;
  std::function<void(const std::string&)> take;
  Completes completes = Completes::nothing;
};

/// Targets are set while parsing and must outlive it.
class Syntax {
 public:
  /// `names` with commas between, the long one last: "-m,--description".
  Option& flag(const std::string& names, bool& target, const std::string& help);
  Option& option(const std::string& names, const std::string& value, std::string& target,
                 const std::string& help);
  Option& option(const std::string& names, const std::string& value,
                 std::optional<std::string>& target, const std::string& help);
  Option& option(const std::string& names, const std::string& value,
                 std::optional<std::size_t>& target, const std::string& help);
  /// May be given several times.
  Option& option(const std::string& names, const std::string& value,
                 std::vector<std::string>& target, const std::string& help);

  Argument& required(const std::string& name, std::string& target);
  Argument& optional(const std::string& name, std::string& target);
  Argument& optional(const std::string& name, std::optional<std::string>& target);

  [[nodiscard]] const std::vector<Option>& options() const { return options_; }
  [[nodiscard]] const std::vector<Argument>& arguments() const { return arguments_; }

 private:
  Option& add(const std::string& names, const std::string& value, const std::string& help,
              std::function<void(const std::string&)> take);
  Argument& add(const std::string& name, std::function<void(const std::string&)> take);

  std::vector<Option> options_;
  std::vector<Argument> arguments_;
};

}  // namespace quemsi::cli

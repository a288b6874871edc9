// ${NAME} in URLs.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "quemsi/config.hpp"

namespace quemsi::config {

/// The environment, then `.env` at the top (read once, when first asked for), then the variables
/// that the caller gave.
class Variables {
 public:
  explicit Variables(const ConfigSources& sources) : sources_(sources) {}
  std::optional<std::string> find(const std::string& name);

 private:
  const ConfigSources& sources_;
  std::optional<std::map<std::string, std::string>> dotenv_;
};

/// Replaces `${NAME}`, and `${NAME:-default}` where NAME is unset or empty; `$$` is a dollar sign,
/// any other `$` is left alone. What a variable holds is not expanded again. Throws Error(config)
/// that begins with `place` and names the variable.
std::string expand(std::string_view text, Variables& variables, const std::string& place);

/// A text that expand() turns into `text`.
std::string escape_for_expand(std::string_view text);

}  // namespace quemsi::config

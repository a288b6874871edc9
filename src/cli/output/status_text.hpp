// `status` for people, in git's manner, and for scripts that do not read JSON.
#pragma once

#include <string>

#include "cli/style.hpp"
#include "quemsi/workflow.hpp"

namespace quemsi::cli {

struct StatusView {
  Timestamp now{};
  bool hints = true;  ///< `advice.quemsiStatus`
};
std::string status_text(const StatusReport& report, const StatusView& view, const Style& style);

/// A word and its value a line: branch, owner, base, dirty, then one `database` line each
/// (clean, dirty, missing or unreachable, then the name), `background` with a count, `warning`.
std::string status_porcelain(const StatusReport& report);

}  // namespace quemsi::cli

#include "cli/output/status_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/display_text.hpp"
#include "cli/output/snapshot_text.hpp"
#include "util/clock.hpp"
#include "util/text.hpp"

namespace quemsi::cli {
namespace {

std::string_view state_of(const DatabaseStatus& database) {
  if (!database.reachable) return "unreachable";
  if (!database.exists) return "missing";
  return database.dirty ? "dirty" : "clean";
}

std::string hint(const StatusView& view, const std::string& text) {
  return view.hints ? "  (" + text + ")\n" : "";
}

std::string branch_text(const StatusReport& report) {
  std::string text =
      report.branch.empty() ? "HEAD detached\n" : "On branch " + printable(report.branch) + "\n";
  if (!report.owner_branch.empty() && report.owner_branch != report.branch) {
    text += "The databases stand for branch " + printable(report.owner_branch) + "\n";
  }
  return text;
}

std::string base_text(const StatusReport& report, const StatusView& view) {
  if (!report.base) {
    return "No snapshot yet\n" + hint(view, "use \"git quemsi snapshot\" to take one");
  }
  return fmt::format("Based on snapshot {}, taken {}\n", label(*report.base),
                     format_age(report.base->created_at, view.now));
}

std::string changes_text(const StatusReport& report, const StatusView& view, const Style& style) {
  if (!report.dirty) return report.base ? "\nNothing changed since that snapshot\n" : "";
  std::string text = "\nDatabases that may have changed since then:\n";
  text += hint(view, "use \"git quemsi snapshot\" to keep the changes");
  if (report.base) {
    text += hint(view, "use \"git quemsi restore " + short_id(report.base->id) +
                           "\" to go back; the changes are kept");
  }
  for (const DatabaseStatus& database : report.databases) {
    if (state_of(database) != "dirty") continue;
    text += "\t" +
            style.paint(Colour::red, fmt::format("changed:   {} ({})", printable(database.name),
                                                 printable(database.display))) +
            "\n";
  }
  return text;
}

std::string background_text(const StatusReport& report) {
  if (report.background.empty()) return {};
  std::vector<std::string> kinds;
  for (const Task& task : report.background) {
    if (std::find(kinds.begin(), kinds.end(), task.kind) == kinds.end()) kinds.push_back(task.kind);
  }
  const std::size_t count = report.background.size();
  return fmt::format("\nIn the background: {} task{} ({})\n", count, count == 1 ? "" : "s",
                     join(kinds, ", "));
}

}  // namespace

std::string status_text(const StatusReport& report, const StatusView& view, const Style& style) {
  std::string text = branch_text(report);
  // Until it is trusted, nobody has looked at the databases.
  if (report.trusted) text += base_text(report, view) + changes_text(report, view, style);
  text += background_text(report);
  for (const std::string& warning : report.warnings) {
    text += "\n" + style.paint(Colour::yellow, "warning:") + " " + printable(warning) + "\n";
  }
  return text;
}

std::string status_porcelain(const StatusReport& report) {
  const auto or_dash = [](const std::string& value) {
    return value.empty() ? std::string("-") : printable(value);
  };
  std::string text = "branch " + or_dash(report.branch) + "\n";
  text += "owner " + or_dash(report.owner_branch) + "\n";
  text += "base " + (report.base ? report.base->id.str() : "-") + "\n";
  text += fmt::format("dirty {}\n", report.dirty ? "yes" : "no");
  for (const DatabaseStatus& database : report.databases) {
    text += fmt::format("database {} {}\n", state_of(database), printable(database.name));
  }
  text += fmt::format("background {}\n", report.background.size());
  for (const std::string& warning : report.warnings) text += "warning " + printable(warning) + "\n";
  return text;
}

}  // namespace quemsi::cli

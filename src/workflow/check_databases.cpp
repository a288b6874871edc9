#include <fmt/core.h>

#include "util/text.hpp"
#include "workflow/checkup.hpp"
#include "workflow/tracked.hpp"

namespace quemsi {
namespace {

/// A copy takes about as much as the database itself.
void check_room(Database& database, const Probe& probe, const std::string& subject,
                Checkup& checkup) {
  const std::optional<std::uint64_t> free = database.free_bytes();
  if (!free || *free >= probe.bytes) return;
  checkup.found(
      subject, Severity::warning,
      Error(ErrorKind::io, fmt::format("there is no room for a copy: {} free, the database has {}",
                                       human_bytes(*free), human_bytes(probe.bytes)))
          .hint("git quemsi gc")
          .hint("git quemsi config parked_budget    shows what ready copies may take"));
}

void check_database(Project& project, const DatabaseSpec& spec, const std::string& subject,
                    Checkup& checkup) {
  Database& database = project.database(spec.name);
  const Probe probe = database.probe();
  if (!probe.exists) {
    return checkup.found(subject, Severity::warning,
                         Error(ErrorKind::user, "does not exist: " + database.display())
                             .hint("create it, for instance by your application's migrations"));
  }
  checkup.good(subject, fmt::format("{}, {}, {}", probe.version, database.display(),
                                    human_bytes(probe.bytes)));
  for (const Finding& finding : database.examine()) {
    checkup.found(subject, finding.severity, finding.error);
  }
  if (const auto file = tracked_file(project, spec.name)) {
    checkup.found(subject, Severity::error, tracked_error(*file));
  }
  check_room(database, probe, subject, checkup);
}

}  // namespace

void check_databases(Project& project, Checkup& checkup) {
  for (const DatabaseSpec& spec : project.config().databases) {
    const std::string subject = "database " + spec.name;
    checkup.look_at(subject, [&] { check_database(project, spec, subject, checkup); });
  }
}

}  // namespace quemsi

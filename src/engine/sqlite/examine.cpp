#include "engine/sqlite/examine.hpp"

#include <unistd.h>

#include "engine/sqlite/holders.hpp"
#include "util/text.hpp"

namespace quemsi::sqlite_engine {
namespace {

/// Switches rename the file, and make journals beside it.
void check_writable(const std::filesystem::path& path, std::vector<Finding>& findings) {
  if (access(path.c_str(), W_OK) == 0) return;
  findings.push_back(
      {Severity::error, Error(ErrorKind::io, "this user may not write to " + path.string())
                            .hint("chmod u+w '" + path.string() + "'    if it is yours")});
}

void check_holders(const std::filesystem::path& file, std::vector<Finding>& findings) {
  const std::vector<std::string> holders = holders_of(file);
  if (holders.empty()) return;
  findings.push_back(
      {Severity::note,
       Error(ErrorKind::busy, "the file is open in " + join(holders, ", "))
           .cause("switches write into it then, which takes as long as copying it does")});
}

}  // namespace

std::vector<Finding> examine(const std::filesystem::path& file) {
  std::vector<Finding> findings;
  check_writable(file, findings);
  check_writable(file.parent_path(), findings);
  check_holders(file, findings);
  return findings;
}

}  // namespace quemsi::sqlite_engine

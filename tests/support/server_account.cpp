#include "support/server_account.hpp"

#include <pwd.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

namespace quemsi::test {
namespace {

bool is_root() { return getuid() == 0; }

/// In a user namespace with nobody but root there is nobody else to become.
bool is_alone() {
  std::ifstream map("/proc/self/uid_map");
  unsigned long inside = 0;
  unsigned long outside = 0;
  unsigned long count = 0;
  map >> inside >> outside >> count;
  return count == 1;
}

const passwd& find_account(const std::string& wanted) {
  const passwd* account = getpwnam(wanted.c_str());
  if (account == nullptr) account = getpwnam("nobody");
  if (account == nullptr) throw std::runtime_error("no account for a server");
  return *account;
}

}  // namespace

Words ServerAccount::run_as(const std::string& signal, const Words& argv) const {
  Words words;
  // Root by another name, which is all that the server asks for.
  if (is_root() && is_alone()) words = {"unshare", "--user", "--map-user=1000", "--map-group=1000"};
  words.insert(words.end(), {"setpriv", "--pdeathsig", signal});
  if (is_root() && !is_alone()) {
    const passwd& account = find_account(wanted_);
    words.insert(words.end(), {"--reuid", std::to_string(account.pw_uid), "--regid",
                               std::to_string(account.pw_gid), "--clear-groups"});
  }
  words.insert(words.end(), argv.begin(), argv.end());
  return words;
}

void ServerAccount::give(const std::filesystem::path& folder) const {
  if (!is_root() || is_alone()) return;
  const passwd& account = find_account(wanted_);
  const std::string ids = std::to_string(account.pw_uid) + ":" + std::to_string(account.pw_gid);
  const CommandResult result = run_command({.argv = {"chown", "-R", ids, folder.string()},
                                            .cwd = "/",
                                            .environment = {{"PATH", "/usr/bin:/bin"}}});
  if (result.exit_code != 0) throw std::runtime_error("chown: " + result.err);
}

std::string ServerAccount::suffix() const { return is_root() && is_alone() ? "-alone" : ""; }

}  // namespace quemsi::test

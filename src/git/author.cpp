#include "git/author.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>

namespace quemsi {
namespace {

std::string user_name() {
  std::array<char, 4096> buffer{};
  struct passwd entry {};
  struct passwd* found = nullptr;
  if (getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) != 0) return {};
  return found != nullptr ? entry.pw_name : "";
}

std::string host_name() {
  std::array<char, 256> buffer{};
  if (gethostname(buffer.data(), buffer.size() - 1) != 0) return "localhost";
  return buffer.data();
}

}  // namespace

std::string author_of(const GitCommand& git) {
  const ProcessResult identity = git.run({"var", "GIT_AUTHOR_IDENT"});
  const std::size_t end = identity.out.rfind('>');
  if (identity.exit_code == 0 && end != std::string::npos) return identity.out.substr(0, end + 1);
  const std::string user = user_name();
  if (user.empty()) return "unknown";
  return user + " <" + user + "@" + host_name() + ">";
}

}  // namespace quemsi

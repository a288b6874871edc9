#include "engine/common/hosts.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <cctype>

#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi {

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "::1") return true;
  // Names may begin like an address.
  in_addr address{};
  return inet_pton(AF_INET, std::string(host).c_str(), &address) == 1 &&
         ntohl(address.s_addr) >> 24 == IN_LOOPBACKNET;
}

void check_allowed(const std::string& host, const std::vector<std::string>& allowed) {
  for (const std::string& name : allowed) {
    if (trim(name) == "*" || trim(name) == host) return;
  }
  throw Error(ErrorKind::config, host + " is not this machine")
      .cause("databases elsewhere are only touched where you have allowed it")
      .hint("git config --global quemsi.allowHost " + host);
}

std::string encode_percent(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        std::isalnum(byte) != 0 || std::string_view("-._~").find(c) != std::string_view::npos;
    encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return encoded;
}

}  // namespace quemsi

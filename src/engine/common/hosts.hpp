// Which servers may be touched, and how URLs spell what is in them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quemsi {

bool is_loopback(std::string_view host);
/// Throws Error(config) for a host, known not to be this machine, that is not in `allowed` ("*" is
/// any).
void check_allowed(const std::string& host, const std::vector<std::string>& allowed);
/// For a part of a URL.
std::string encode_percent(std::string_view text);

}  // namespace quemsi

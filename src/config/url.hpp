// What can be said of a URL without knowing its engine.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace quemsi::config {

inline constexpr std::size_t longest_url = 8192;  ///< bytes

/// What is wrong with the name of a database, as the end of a sentence; none when it will do.
std::optional<std::string> problem_with_name(std::string_view name);
/// The same for an expanded URL. Says nothing of the URL's text.
std::optional<std::string> problem_with_url(std::string_view url);

/// "%20" is a space; a percent sign that begins no such code stands for itself.
std::string decode_percent(std::string_view text);

bool is_sqlite_url(std::string_view url);

/// True when every driver finds the same user, password and host in it: the only '@' stands
/// before the host. Else the part that mask_password hides could hold a host, and a changed host
/// would pass for a changed password.
bool has_clear_authority(std::string_view url);

}  // namespace quemsi::config

// Settings as they are stored and as they are written in SET. A few of them are lists, whose
// elements are stored with quotes of their own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quemsi::postgresql_engine {

/// `"$user", public` is `$user` and `public`. None of what follows an unclosed quote is lost.
std::vector<std::string> split_list(std::string_view stored);
/// Custom settings have a dot between two names.
std::string quote_setting_name(std::string_view name);
/// What stands behind the equals sign to get `stored` again.
std::string quote_setting_value(std::string_view name, std::string_view stored);

}  // namespace quemsi::postgresql_engine

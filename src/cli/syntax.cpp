#include "cli/syntax.hpp"

#include <charconv>
#include <utility>

#include "cli/command.hpp"
#include "util/text.hpp"

namespace quemsi::cli {
namespace {

std::size_t parse_number(const std::string& names, const std::string& text) {
  std::size_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, number);
  if (code == std::errc{} && stop == end) return number;
  throw UsageError("option " + split(names, ',').back() + " wants a number, not '" + text + "'");
}

}  // namespace

Option& Syntax::flag(const std::string& names, bool& target, const std::string& help) {
  return add(names, "", help, [&target](const std::string&) { target = true; });
}

Option& Syntax::option(const std::string& names, const std::string& value, std::string& target,
                       const std::string& help) {
  return add(names, value, help, [&target](const std::string& text) { target = text; });
}

Option& Syntax::option(const std::string& names, const std::string& value,
                       std::optional<std::string>& target, const std::string& help) {
  return add(names, value, help, [&target](const std::string& text) { target = text; });
}

Option& Syntax::option(const std::string& names, const std::string& value,
                       std::optional<std::size_t>& target, const std::string& help) {
  return add(names, value, help,
             [&target, names](const std::string& text) { target = parse_number(names, text); });
}

Option& Syntax::option(const std::string& names, const std::string& value,
                       std::vector<std::string>& target, const std::string& help) {
  Option& added =
      add(names, value, help, [&target](const std::string& text) { target.push_back(text); });
  added.repeatable = true;
  return added;
}

Argument& Syntax::required(const std::string& name, std::string& target) {
  Argument& added = optional(name, target);
  added.required = true;
  return added;
}

Argument& Syntax::optional(const std::string& name, std::string& target) {
  return add(name, [&target](const std::string& text) { target = text; });
}

Argument& Syntax::optional(const std::string& name, std::optional<std::string>& target) {
  return add(name, [&target](const std::string& text) { target = text; });
}

Option& Syntax::add(const std::string& names, const std::string& value, const std::string& help,
                    std::function<void(const std::string&)> take) {
  Option option;
  option.names = split(names, ',');
  option.value = value;
  option.help = help;
  option.take = std::move(take);
  return options_.emplace_back(std::move(option));
}

Argument& Syntax::add(const std::string& name, std::function<void(const std::string&)> take) {
  Argument argument;
  argument.name = name;
  argument.take = std::move(take);
  return arguments_.emplace_back(std::move(argument));
}

}  // namespace quemsi::cli

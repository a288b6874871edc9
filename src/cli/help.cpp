#include "cli/help.hpp"

#include <fmt/format.h>

#include "cli/table.hpp"
#include "util/text.hpp"

namespace quemsi::cli {
namespace {

std::string option_head(const Option& option) {
  std::string head =
      (option.names.front().size() == 2 ? "    " : "        ") + join(option.names, ", ");
  if (!option.value.empty()) head += " " + option.value;
  return head;
}

std::string options_text(const Syntax& syntax) {
  Table table;
  for (const Option& option : syntax.options()) {
    const std::string again = option.repeatable ? " (may be repeated)" : "";
    table.row({{option_head(option), Colour::none}, {option.help + again, Colour::none}});
  }
  table.row({{"    -h, --help", Colour::none}, {"this text", Colour::none}});
  return table.render(Style(), 0);
}

}  // namespace

std::string usage_line(const CommandEntry& entry, const Syntax& syntax) {
  std::string line = fmt::format("usage: git quemsi {} [<options>]", entry.name);
  for (const Argument& argument : syntax.arguments()) {
    line += argument.required ? " " + argument.name : " [" + argument.name + "]";
  }
  return line + "\n";
}

std::string command_help(const CommandEntry& entry, const Syntax& syntax) {
  return fmt::format("{}\n{}\n\n{}\nexample:\n    {}\n", usage_line(entry, syntax), entry.summary,
                     options_text(syntax), entry.example);
}

std::string overview() {
  Table table;
  for (const CommandEntry& entry : command_table()) {
    table.row({{"   " + std::string(entry.name), Colour::none},
               {std::string(entry.summary), Colour::none}});
  }
  return "usage: git quemsi [--config KEY=VALUE]... <command> [<options>]\n\n"
         "git checkout for your database: the application's database follows the branch.\n\n" +
         table.render(Style(), 0) +
         "\n'git quemsi <command> -h' explains a command, 'git quemsi --help' is the manual.\n";
}

}  // namespace quemsi::cli

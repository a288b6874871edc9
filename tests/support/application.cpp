#include "support/application.hpp"

#include <algorithm>
#include <stdexcept>

namespace quemsi::test {
namespace {

constexpr std::chrono::seconds longest_answer{60};

}  // namespace

Application::Application(const std::filesystem::path& database)
    : process_({.argv = {QUEMSI_TEST_APPLICATION, database.string()},
                .environment = {{"PATH", "/usr/bin:/bin"}}},
               RunningCommand::Input::piped) {
  static_cast<void>(answer());
}

std::string Application::sql(const std::string& text) {
  start_sql(text);
  return answer();
}

void Application::start_sql(const std::string& text) {
  std::string line = text;
  std::ranges::replace(line, '\n', ' ');
  process_.say(line + "\n");
}

std::string Application::answer() {
  std::string rows;
  while (const auto line = process_.read_line(longest_answer)) {
    if (*line == ".") return rows;
    if (line->starts_with("! ")) throw std::runtime_error("application: " + line->substr(2));
    rows += *line + "\n";
  }
  throw std::runtime_error("the application gave no answer");
}

}  // namespace quemsi::test

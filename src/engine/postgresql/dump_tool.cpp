#include "engine/postgresql/dump_tool.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "util/process.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine {
namespace {

constexpr const char* tool = "pg_dump";

/// Where distributions keep what belongs to one major version. Debian's `pg_dump` in the PATH is a
/// script in front of these that costs more time than pg_dump itself.
constexpr std::array<const char*, 3> versioned_folders{
    "/usr/lib/postgresql/{}/bin/pg_dump", "/usr/pgsql-{}/bin/pg_dump",
    "/opt/homebrew/opt/postgresql@{}/bin/pg_dump"};

/// As a shell would, without expanding anything.
std::vector<std::string> shell_words(std::string_view text) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote == 0 && (c == ' ' || c == '\t')) {
      in_word = false;
      continue;
    }
    if (!std::exchange(in_word, true)) words.emplace_back();
    if (c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
      words.back() += text[++i];
    } else {
      words.back() += c;
    }
  }
  return words;
}

/// "pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
std::optional<int> major_version(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_of("0123456789"), text.size()));
  int major = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), major);
  return code == std::errc() ? std::optional(major) : std::nullopt;
}

}  // namespace

std::vector<std::string> dump_command(const EngineContext& context, int server_major) {
  const auto configured = context.tools.find(tool);
  if (configured != context.tools.end() && configured->second != tool) {
    std::vector<std::string> words = shell_words(configured->second);
    if (!words.empty()) return words;
  }
  constexpr int newer_versions = 10;
  for (int major = server_major; major < server_major + newer_versions; ++major) {
    for (const char* folder : versioned_folders) {
      const std::string program = fmt::format(fmt::runtime(folder), major);
      if (access(program.c_str(), X_OK) == 0) return {program};
    }
  }
  return {tool};
}

Error missing_dump_tool(const std::string& program, const std::string& why) {
  return Error(ErrorKind::unsupported,
               "the schema of a PostgreSQL database is read by pg_dump, "
               "which cannot be run")
      .cause(program + ": " + why)
      .hint("install PostgreSQL's client programs, for instance: apt install postgresql-client")
      .hint("or say where pg_dump is: git quemsi config tools.pg_dump PROGRAM");
}

Error old_dump_tool(const std::string& program, const std::string& server_version) {
  return Error(ErrorKind::unsupported,
               fmt::format("{} is older than the server, which is PostgreSQL {}", program,
                           server_version))
      .hint(
          "install the client programs of the server's version, and name their pg_dump: "
          "git quemsi config tools.pg_dump PROGRAM");
}

std::optional<Error> dump_tool_problem(const EngineContext& context, int server_major) {
  std::vector<std::string> argv = dump_command(context, server_major);
  const std::string program = join(argv, " ");
  argv.emplace_back("--version");
  ProcessResult result;
  try {
    result = run_process({.argv = argv});
  } catch (const Error& error) {
    return missing_dump_tool(program, error.what());
  }
  const auto major = major_version(result.out);
  if (result.exit_code != 0 || !major) {
    return missing_dump_tool(program, std::string(trim(result.err)));
  }
  if (*major >= server_major) return std::nullopt;
  return old_dump_tool(program, std::to_string(server_major));
}

}  // namespace quemsi::postgresql_engine

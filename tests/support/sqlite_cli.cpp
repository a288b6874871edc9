#include "support/sqlite_cli.hpp"

#include <sstream>
#include <stdexcept>
#include <string_view>

#include "support/command.hpp"

namespace quemsi::test {
namespace {

constexpr const char* check = "PRAGMA integrity_check;\n";
constexpr const char* all = ".dump\nPRAGMA user_version;\nPRAGMA application_id;\n";

std::string client(const std::filesystem::path& file, const std::string& input) {
  const CommandResult result =
      run_command({.argv = {"sqlite3", "-batch", "-bail", "-init", "/dev/null", file.string()},
                   .environment = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"HOME", "/nowhere"}},
                   .input = ".timeout 20000\n" + input});
  if (result.exit_code == 0 && result.err.empty()) return result.out;
  std::ostringstream text;
  text << "sqlite3 " << file << ": " << result;
  throw std::runtime_error(text.str());
}

}  // namespace

std::string sqlite(const std::filesystem::path& file, const std::string& sql) {
  return client(file, sql + "\n");
}

std::string dump(const std::filesystem::path& file) { return client(file, all); }

std::string sound_dump(const std::filesystem::path& file) {
  constexpr std::string_view sound = "ok\n";
  const std::string text = client(file, std::string(check) + all);
  if (text.starts_with(sound)) return text.substr(sound.size());
  throw std::runtime_error(file.string() + " is damaged: " + text);
}

std::string integrity(const std::filesystem::path& file) {
  std::string text = client(file, check);
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace quemsi::test

#include "support/sqlite_cli.hpp"

#include <sstream>
#include <stdexcept>

#include "support/command.hpp"

namespace quemsi::test {
namespace {

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

std::string dump(const std::filesystem::path& file) {
  return client(file, ".dump\nPRAGMA user_version;\nPRAGMA application_id;\n");
}

std::string integrity(const std::filesystem::path& file) {
  std::string text = client(file, "PRAGMA integrity_check;\n");
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace quemsi::test

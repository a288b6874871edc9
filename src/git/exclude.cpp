// What git is told not to look at, in this clone only.
#include <fstream>
#include <iterator>

#include "quemsi/error.hpp"
#include "quemsi/git.hpp"
#include "util/text.hpp"

namespace quemsi {

void Repository::exclude(const std::string& pattern) {
  const std::filesystem::path path = common_dir() / "info" / "exclude";
  std::filesystem::create_directories(path.parent_path());
  std::ifstream in(path, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  for (const std::string& line : split(text, '\n')) {
    if (line == pattern) return;
  }
  std::ofstream out(path, std::ios::binary | std::ios::app);
  if (!text.empty() && !text.ends_with('\n')) out << '\n';
  out << pattern << '\n';
  out.close();
  if (!out) throw Error(ErrorKind::io, "cannot write " + path.string());
}

}  // namespace quemsi

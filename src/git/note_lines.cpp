#include "git/note_lines.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <thread>

#include "util/text.hpp"

namespace quemsi {
namespace {

constexpr int most_tries = 400;
constexpr int longest_pause = 40;  // milliseconds

}  // namespace

std::vector<std::string> note_lines(std::string_view text) {
  std::vector<std::string> lines = split(text, '\n');
  std::erase_if(lines, [](const std::string& line) { return trim(line).empty(); });
  return lines;
}

std::string join_notes(std::string_view text, const std::vector<std::string>& more) {
  const std::vector<std::string> lines = note_lines(text);
  std::set<std::string> all(lines.begin(), lines.end());
  all.insert(more.begin(), more.end());
  std::string joined;
  for (const std::string& line : all) joined += line + "\n";
  return joined;
}

void NotesRetry::wait() {
  if (++tries_ > most_tries) {
    throw Error(ErrorKind::busy, "others keep writing to " + std::string(notes_ref))
        .hint("if no git is running, remove the lock: rm .git/" + std::string(notes_ref) + ".lock");
  }
  std::random_device random;
  const int longest = std::min(2 + tries_, longest_pause);
  std::uniform_int_distribution<int> pause(1, longest);
  std::this_thread::sleep_for(std::chrono::milliseconds(pause(random)));
}

}  // namespace quemsi

#include "cli/output/message_text.hpp"

#include "cli/display_text.hpp"
#include "cli/output/snapshot_text.hpp"
#include "util/clock.hpp"
#include "util/text.hpp"

namespace quemsi::cli {
namespace {

constexpr std::size_t name_width = 10;

std::string line(const std::string& name, const std::string& value) {
  return "  " + pad(name, name_width) + value + "\n";
}

/// "nightly (klmnopqr), 2026-03-01, on main at 12ab34cd56: all customers"
std::string told(const Snapshot& snapshot) {
  std::string text = snapshot.tags.empty()
                         ? short_id(snapshot.id)
                         : printable(snapshot.tags.front()) + " (" + short_id(snapshot.id) + ")";
  text += ", " + format_iso(snapshot.created_at).substr(0, 10);
  if (!snapshot.branch.empty()) text += ", on " + printable(snapshot.branch);
  if (snapshot.commit) text += " at " + short_id(*snapshot.commit);
  if (!snapshot.description.empty()) text += ": " + printable(snapshot.description);
  return text;
}

std::string resume(const MessageBlock& block) {
  const Snapshot& at = *block.current;
  const std::string name = at.tags.empty() ? short_id(at.id) : shell_word(at.tags.front());
  const std::string restore = "git quemsi restore " + name;
  return block.branch.empty() ? restore
                              : "git switch " + shell_word(block.branch) + " && " + restore;
}

}  // namespace

std::string trailers_text(const MessageBlock& block) {
  std::string text;
  for (const std::string& trailer : block.trailers) text += printable(trailer) + "\n";
  return text;
}

std::string message_text(const MessageBlock& block) {
  std::string text =
      "Database state" + (block.branch.empty() ? "" : " of " + printable(block.branch)) + ":\n";
  if (block.baseline) text += line("baseline", told(*block.baseline));
  for (const Snapshot& snapshot : block.progress) text += line("progress", told(snapshot));
  if (!block.current) return text + line("current", "in no snapshot yet; git quemsi snapshot");
  text += line("current",
               told(*block.current) + (block.dirty ? "; changed since, in no snapshot yet" : ""));
  return text + line("resume", resume(block)) + "\n" + trailers_text(block);
}

}  // namespace quemsi::cli

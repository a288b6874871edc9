#include "cli/output/history_text.hpp"

#include "cli/display_text.hpp"
#include "cli/output/snapshot_text.hpp"
#include "util/text.hpp"

namespace quemsi::cli {
namespace {

/// "[klmnopqr nightly]", and for what nobody asked for "[klmnopqr checkpoint]".
std::string snapshot_text(const Snapshot& snapshot, bool live, const Style& style) {
  std::string text = "[" + style.paint(Colour::yellow, short_id(snapshot.id));
  if (!snapshot.tags.empty()) {
    text += " " + style.paint(Colour::cyan, printable(join(snapshot.tags, ", ")));
  }
  if (snapshot.kind != SnapshotKind::manual) text += " " + std::string(to_string(snapshot.kind));
  return text + "]" + (live ? style.paint(Colour::green, " <- live") : "");
}

}  // namespace

std::string history_text(const History& history, const Style& style) {
  std::string text;
  for (const HistoryLine& line : history.lines) {
    text += line.graph + line.text;
    for (const Snapshot& snapshot : line.snapshots) {
      const bool live = line.live && snapshot.id == history.base;
      text += "  " + snapshot_text(snapshot, live, style);
    }
    text += "\n";
  }
  return text;
}

}  // namespace quemsi::cli

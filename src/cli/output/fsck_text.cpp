#include "cli/output/fsck_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/display_text.hpp"
#include "cli/output/snapshot_text.hpp"

namespace quemsi::cli {

bool is_sound(const FsckReport& report) {
  return std::all_of(
      report.findings.begin(), report.findings.end(),
      [](const FsckFinding& finding) { return finding.repaired && finding.lost.empty(); });
}

std::string fsck_text(const FsckReport& report, bool repair) {
  std::string text;
  for (const FsckFinding& finding : report.findings) {
    text += (finding.repaired ? "repaired: " : "damaged: ") + printable(finding.what) + "\n";
    for (const SnapshotId& id : finding.lost) {
      text += "  snapshot " + short_id(id) + " cannot be restored\n";
    }
  }
  text += fmt::format("checked {} snapshots and {} packs: {}\n", report.snapshots, report.packs,
                      report.findings.empty() ? "no damage" : "see above");
  if (!is_sound(report) && !repair) {
    text += "hint: git quemsi fsck --repair rebuilds what the packs still hold\n";
  }
  return text;
}

}  // namespace quemsi::cli

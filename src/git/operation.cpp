#include "git/operation.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>

#include "util/fd.hpp"
#include "util/text.hpp"

namespace quemsi {
namespace {

namespace fs = std::filesystem;

struct Sign {
  const char* file;
  GitOperation operation;
};

/// The first that is there counts: a rebase uses the later ones as well.
constexpr std::array signs{
    Sign{"rebase-merge", GitOperation::rebase},
    Sign{"rebase-apply/applying", GitOperation::am},
    Sign{"rebase-apply", GitOperation::rebase},
    Sign{"MERGE_HEAD", GitOperation::merge},
    Sign{"CHERRY_PICK_HEAD", GitOperation::cherry_pick},
    Sign{"REVERT_HEAD", GitOperation::revert},
    Sign{"sequencer", GitOperation::sequencer},
    Sign{"BISECT_LOG", GitOperation::bisect},
};

/// The last line of a file, or as much of it as its last four kilobytes hold.
std::string last_line(const fs::path& file) {
  const std::optional<Fd> fd = open_if_exists(file, O_RDONLY);
  if (!fd) return {};
  const std::uint64_t size = file_size(*fd, file);
  std::string tail(std::min<std::uint64_t>(size, 4096), '\0');
  read_exact_at(*fd, std::as_writable_bytes(std::span(tail)), size - tail.size(), file);
  const std::string_view text = trim(tail);
  return std::string(text.substr(text.rfind('\n') + 1));
}

/// When `git rebase --apply` checks out its base, only the reflog tells, in an entry
/// that says `rebase (start): checkout <base>` (or `pull --rebase (start): ...`).
bool is_rebase_starting(const fs::path& git_dir) {
  const std::string entry = last_line(git_dir / "logs" / "HEAD");
  const std::string_view message = std::string_view(entry).substr(entry.find('\t') + 1);
  const std::size_t colon = message.find(": ");
  return colon != std::string_view::npos && message.substr(0, colon).ends_with(" (start)") &&
         message.substr(colon).starts_with(": checkout ");
}

}  // namespace

std::string_view to_string(GitOperation operation) {
  switch (operation) {
    case GitOperation::none:
      return "none";
    case GitOperation::rebase:
      return "rebase";
    case GitOperation::merge:
      return "merge";
    case GitOperation::cherry_pick:
      return "cherry-pick";
    case GitOperation::revert:
      return "revert";
    case GitOperation::sequencer:
      return "sequencer";
    case GitOperation::bisect:
      return "bisect";
    case GitOperation::am:
      return "am";
  }
  return "none";
}

GitOperation operation_in(const fs::path& git_dir) {
  const auto* const sign = std::find_if(signs.begin(), signs.end(), [&git_dir](const Sign& each) {
    return fs::exists(git_dir / each.file);
  });
  if (sign != signs.end()) return sign->operation;
  return is_rebase_starting(git_dir) ? GitOperation::rebase : GitOperation::none;
}

}  // namespace quemsi

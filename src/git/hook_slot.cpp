#include "git/hook_slot.hpp"

#include "util/atomic_file.hpp"
#include "util/fd.hpp"

namespace quemsi {
namespace {

namespace fs = std::filesystem;

constexpr mode_t executable = 0777;

/// A dangling link is there as well.
bool is_there(const fs::path& file) { return fs::exists(fs::symlink_status(file)); }

/// `<path>`, or `<path>.2`, ... whichever is free.
fs::path free_name(const fs::path& path) {
  fs::path name = path;
  for (int i = 2; is_there(name); ++i) name = path.string() + "." + std::to_string(i);
  return name;
}

}  // namespace

HookSlot::HookSlot(const fs::path& folder, const Shim& shim)
    : file_(folder / shim.hook),
      chained_(file_.string() + ".before-quemsi"),
      replaced_(file_.string() + ".replaced-by-quemsi"),
      shim_(shim) {}

HookState HookSlot::state() const {
  if (!is_there(file_)) return HookState::absent;
  if (!fs::is_regular_file(file_)) return HookState::foreign;
  switch (match_shim(shim_, read_text_file(file_))) {
    case ShimMatch::none:
      return HookState::foreign;
    case ShimMatch::past:
      return HookState::ours_outdated;
    case ShimMatch::current:
      return is_there(chained_) ? HookState::chained : HookState::ours;
  }
  return HookState::foreign;
}

void HookSlot::write(const fs::path& program) const {
  std::error_code code;
  fs::create_directories(file_.parent_path(), code);
  if (code) throw_errno(code.value(), "make the folder", file_.parent_path());
  AtomicFile file(file_, executable);
  file.write(render_shim(shim_, program));
  file.commit();
}

void HookSlot::check_chain() const {
  if (!is_there(chained_)) return;
  throw Error(ErrorKind::user, "two hooks claim the same place: " + file_.string())
      .cause(chained_.filename().string() + " was moved there before, and " +
             file_.filename().string() + " is not ours")
      .hint("join the two into one, then: git quemsi install --chain");
}

void HookSlot::chain() const {
  check_chain();
  rename_durably(file_, chained_);
}

void HookSlot::set_aside() const {
  if (state() == HookState::foreign) rename_durably(file_, free_name(replaced_));
  if (is_there(chained_)) rename_durably(chained_, free_name(replaced_));
}

bool HookSlot::restore_chained() const {
  if (!is_there(chained_)) return false;
  rename_durably(chained_, file_);
  return true;
}

std::vector<std::string> HookSlot::remove() const {
  std::vector<std::string> left;
  if (state() == HookState::foreign) {
    left.push_back(file_.string() + ": not written by git-quemsi, or edited since");
    if (is_there(chained_)) {
      left.push_back(chained_.string() + ": another hook has taken its place");
    }
  } else if (!restore_chained()) {
    remove_file(file_);
  }
  if (is_there(replaced_)) {
    left.push_back(replaced_.string() + ": the hook that --force replaced");
  }
  return left;
}

}  // namespace quemsi

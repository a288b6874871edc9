// One file in a hooks folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "git/shims.hpp"
#include "quemsi/git.hpp"

namespace quemsi {

/// A hook has one slot. Ours may share it with a hook that was there before, moved to
/// `<hook>.before-quemsi`, which the shim runs first.
class HookSlot {
 public:
  HookSlot(const std::filesystem::path& folder, const Shim& shim);

  [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }
  [[nodiscard]] HookState state() const;

  /// Writes our shim; what is there must be nothing or ours.
  void write(const std::filesystem::path& program) const;
  /// Throws Error(user) when chain() would.
  void check_chain() const;
  /// Moves a foreign hook to where the shim runs it. Throws Error(user) when
  /// another one is there already.
  void chain() const;
  /// Moves every hook that is not ours out of the way: it is kept, and not called.
  void set_aside() const;
  /// Removes ours, and puts back a chained one. Returns what was left alone and why.
  [[nodiscard]] std::vector<std::string> remove() const;

 private:
  [[nodiscard]] bool restore_chained() const;

  std::filesystem::path file_;
  std::filesystem::path chained_;
  std::filesystem::path replaced_;
  const Shim& shim_;
};

}  // namespace quemsi

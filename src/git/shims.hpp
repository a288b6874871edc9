// The texts that we put into hooks.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace quemsi {

/// One hook's script, with a placeholder where the path of git-quemsi goes.
struct Shim {
  std::string_view hook;                    ///< "post-checkout"
  std::string_view text;                    ///< what we install now
  std::vector<std::string_view> past = {};  ///< what we installed before
};

/// Every hook that we install.
const std::vector<Shim>& shims();

enum class ShimMatch { none, past, current };

/// Whether a file's text is ours to the letter, whatever path stands in it.
ShimMatch match_shim(const Shim& shim, std::string_view text);
std::string render_shim(const Shim& shim, const std::filesystem::path& program);

/// One word for a POSIX shell.
std::string shell_quote(std::string_view text);

}  // namespace quemsi

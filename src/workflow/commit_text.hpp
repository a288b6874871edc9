// A commit message as git hands it to commit-msg: with comments, and below scissors a diff,
// that git takes away afterwards.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quemsi {

/// What `core.commentChar` says, or what the message itself shows where that is "auto" or not
/// set. `edited`: an editor was open; without one git takes away no comments, and what is
/// returned starts no line.
std::string comment_start(std::string_view message, const std::optional<std::string>& configured,
                          bool edited);

/// What git will keep of it: nothing below the scissors, no comments, no blank lines at the ends.
std::string kept_text(std::string_view message, std::string_view comment);

/// True when git is going to refuse it as empty: sign-offs alone count for nothing.
bool is_empty_message(std::string_view kept);

/// True for what `git rebase --autosquash` looks for.
bool is_for_autosquash(std::string_view kept);

}  // namespace quemsi

// What stands at our three descriptors.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace quemsi::cli {

enum class Stream { in, out, err };

bool is_terminal(Stream stream);
/// Columns of the terminal at stdout or stderr; none when neither is one.
std::optional<std::size_t> terminal_width();
std::optional<std::string> environment(const char* name);
/// Reads one line from stdin; none at its end. Throws Error(cancelled) when a signal interrupts.
std::optional<std::string> read_line();
/// All of stdin; nothing when a person would have to type it.
std::string read_input();
/// Throws Error(io) when stdout takes no more.
void write_out(std::string_view text);
/// Never throws: there is nobody left to tell.
void write_err(std::string_view text) noexcept;

}  // namespace quemsi::cli

// Small text helpers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quemsi {

inline constexpr auto npos = std::string_view::npos;

/// The candidates nearest to `word` by edit distance, best first, at most `most`,
/// and only those near enough to be a slip.
std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates,
                                 std::size_t most = 3);
std::vector<std::string> split(std::string_view text, char separator);
std::string_view trim(std::string_view text);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
/// "1.5 MiB"
std::string human_bytes(std::uint64_t bytes);
/// "10GB", "512 MiB", "4096": binary multiples. None when it is no size.
std::optional<std::uint64_t> parse_bytes(std::string_view text);
std::string to_hex(std::string_view bytes);
/// Takes back to_hex. None when it is not of that form.
std::optional<std::string> from_hex(std::string_view text);
bool is_valid_utf8(std::string_view text);
bool has_control_characters(std::string_view text);

}  // namespace quemsi

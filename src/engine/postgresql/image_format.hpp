// The sections of an image. FORMAT.md is the specification.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/common/summary.hpp"
#include "quemsi/error.hpp"
#include "quemsi/image.hpp"

namespace quemsi::postgresql_engine {

inline constexpr const char* engine_name = "postgresql";
inline constexpr const char* image_format = "1";
inline constexpr const char* pre_data_section = "pre-data";
inline constexpr const char* sequences_section = "sequences";
inline constexpr const char* large_objects_section = "large-objects";
inline constexpr const char* post_data_section = "post-data";

/// A table whose rows an image holds.
struct TableShape {
  std::string schema;
  std::string name;
  std::vector<std::string> columns;  ///< those with rows' own values, in order
  std::vector<std::string> types;    ///< of the columns, as SQL writes them
  std::vector<std::string> key;      ///< columns in whose order the rows are; empty: as stored
  std::string condition;             ///< of an extension's table: which rows are not its own
};

/// `part` counts from 1.
SectionHeader rows_header(const TableShape& table, std::size_t part);
/// None when it is not a section of rows. Throws Error(corrupt) for a malformed one.
std::optional<TableShape> parse_rows_header(const SectionHeader& header);

inline constexpr const char* damaged_image = "the image of a PostgreSQL database is damaged";
/// Throws Error(corrupt) with that message, because of `why`.
[[noreturn]] void bad_image(const std::string& why);
/// As bad_image when the server refused a value: what no type takes was never one.
void check_values(const Error& error);

}  // namespace quemsi::postgresql_engine

// The sections of an image. FORMAT.md is the specification.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/common/summary.hpp"
#include "engine/mysql/objects.hpp"
#include "quemsi/error.hpp"
#include "quemsi/image.hpp"

namespace quemsi::mysql_engine {

inline constexpr const char* engine_name = "mysql";
inline constexpr const char* image_format = "1";
inline constexpr const char* schema_section = "schema";
inline constexpr const char* counters_section = "counters";

/// A table whose rows an image holds.
struct TableShape {
  std::string name;
  std::vector<std::string> columns = {};  ///< those with rows' own values, in order
  std::vector<std::string> types = {};    ///< of the columns, as SQL writes them
  std::vector<std::string> key = {};      ///< columns in whose order the rows are; empty: as stored
  bool history = false;  ///< of a versioned table, with when each row began and ended as the last
};

SectionHeader rows_header(const TableShape& table);
/// None when it is not a section of rows. Throws Error(corrupt) for a malformed one.
std::optional<TableShape> parse_rows_header(const SectionHeader& header);

/// A line an object. Events say whether they run in the live schema.
std::string objects_text(const SchemaObjects& objects);
/// Throws Error(corrupt) for what objects_text() did not write.
SchemaObjects parse_objects(std::string_view text);

/// Where a table or sequence goes on counting.
struct Counter {
  std::string kind;  ///< AUTO_INCREMENT or SEQUENCE
  std::string name;
  std::string value;
  std::string cycle;  ///< of a sequence: how often it began anew
};
std::string counters_text(const std::vector<Counter>& counters);
/// Throws Error(corrupt) for what counters_text() did not write.
std::vector<Counter> parse_counters(std::string_view text);

inline constexpr const char* damaged_image = "the image of a MySQL database is damaged";
/// Throws Error(corrupt) with that message, because of `why`.
[[noreturn]] void bad_image(const std::string& why);

}  // namespace quemsi::mysql_engine

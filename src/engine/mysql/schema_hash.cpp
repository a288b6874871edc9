#include "engine/mysql/schema_hash.hpp"

#include <fmt/format.h>

#include "engine/common/row_hash.hpp"
#include "engine/mysql/catalog.hpp"
#include "engine/mysql/kept.hpp"

namespace quemsi::mysql_engine {

std::optional<std::string> schema_hash(const Server& server) {
  Connection connection = server.connect();
  if (!find_schema(connection, server.live())) return std::nullopt;
  SchemaShape shape = read_complete_shape(connection, server.registry(), server.live());
  // A switch alone must make no difference.
  if (!Definers(connection, server.context().definers).are_kept()) {
    shape.triggers = without_definers(std::move(shape.triggers));
    shape.objects = without_definers(std::move(shape.objects));
  }
  std::string text = definitions_text(shape);
  const Definitions tables =
      read_definitions(connection, server.live(), shape.tables, server.live());
  for (const SchemaObject& table : tables.makes) {
    text += table.name + '\0' + table.sql + '\0';
  }
  return fmt::format("{:016x}", row_hash(text));
}

}  // namespace quemsi::mysql_engine

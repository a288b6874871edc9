#include "engine/postgresql/filling.hpp"

#include "engine/postgresql/builder.hpp"
#include "engine/postgresql/large_objects.hpp"
#include "engine/postgresql/rows_loader.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

void set_sequences(Connection& connection, const std::vector<SequenceValue>& sequences) {
  for (const SequenceValue& value : sequences) {
    connection.query("SELECT setval($1::regclass, $2::bigint, $3::boolean)",
                     qualified(value.schema, value.name), value.last_value,
                     value.is_called ? "t" : "f");
  }
}

/// Loads them, then reads them back: nothing else would tell that they arrived whole.
void load_all_large_objects(const ImageReader& image, Connection& connection, Progress& progress) {
  if (!image.large_objects()) return;
  const std::size_t section = *image.large_objects();
  for (std::size_t i = 0; i < image.chunks(section).size(); ++i) {
    progress.check_cancelled();
    try {
      load_large_objects(connection, image.chunk(section, i));
    } catch (const Error& error) {
      check_values(error);
      throw;
    }
  }
  image.check(section, tally_large_objects(connection));
}

}  // namespace

std::uint64_t rows_bytes(const ImageReader& image) {
  std::uint64_t bytes = 0;
  for (const RowsSection& rows : image.rows()) bytes += image.tally(rows.section).bytes;
  return bytes;
}

void fill(const ImageReader& image, const Script& pre_data, const Script& post_data,
          std::vector<BuildSession>& sessions, Progress& progress, std::vector<std::string>& lost) {
  BuildSession& leader = sessions.front();
  for (const ScriptItem& item : pre_data) leader.run(item, progress);
  load_rows(image, sessions, progress);
  set_sequences(leader.connection(), image.sequences());
  load_all_large_objects(image, leader.connection(), progress);
  build(post_data, sessions, progress);
  for (const BuildSession& session : sessions) {
    lost.insert(lost.end(), session.left_out().begin(), session.left_out().end());
  }
}

}  // namespace quemsi::postgresql_engine

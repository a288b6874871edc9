#include "engine/postgresql/materialise.hpp"

#include <fmt/format.h>

#include "engine/postgresql/builder.hpp"
#include "engine/postgresql/header.hpp"
#include "engine/postgresql/image_reader.hpp"
#include "engine/postgresql/large_objects.hpp"
#include "engine/postgresql/rows_loader.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

constexpr int session_count = 2;

/// The owner that the database had, where we may give it away.
std::string owner_option(Connection& connection, const Properties& properties) {
  const Result role = connection.query(
      "SELECT pg_has_role(oid, 'MEMBER') FROM pg_roles WHERE rolname::text = $1", properties.owner);
  if (role.rows() == 0 || !role.boolean(0, 0)) return {};
  return " OWNER " + quote_identifier(properties.owner);
}

std::vector<BuildSession> open_sessions(const Server& server, const std::string& database) {
  std::vector<BuildSession> sessions;
  sessions.reserve(session_count);
  for (int i = 0; i < session_count; ++i) sessions.emplace_back(server.connect(database));
  return sessions;
}

std::uint64_t bytes_of(const ImageReader& image) {
  std::uint64_t bytes = 0;
  for (const RowsSection& rows : image.rows()) bytes += image.tally(rows.section).bytes;
  return bytes;
}

void set_sequences(Connection& connection, const std::vector<SequenceValue>& sequences) {
  for (const SequenceValue& value : sequences) {
    connection.query("SELECT setval($1::regclass, $2::bigint, $3::boolean)",
                     qualified(value.schema, value.name), value.last_value,
                     value.is_called ? "t" : "f");
  }
}

/// Takes what is written and keeps nothing.
class NullSink final : public SectionSink {
 public:
  void chunk(std::span<const std::byte> /*bytes*/, std::uint64_t /*rows*/,
             std::string_view /*first_key*/) override {}
  void finish() override {}
};

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
  // They are read by descriptors, which a transaction's end closes.
  Transaction transaction(connection);
  TallySink sink(std::make_unique<NullSink>(), no_progress());
  write_large_objects(connection, sink);
  image.check(section, sink.tally());
}

class Materialiser {
 public:
  Materialiser(const Server& server, const ImageReader& image, Progress& progress)
      : server_(server), image_(image), progress_(progress) {}

  void fill(const std::string& database) {
    std::vector<BuildSession> sessions = open_sessions(server_, database);
    BuildSession& leader = sessions.front();
    if (lacks_public_schema(image_.header())) leader.connection().execute("DROP SCHEMA public");
    for (const ScriptItem& item : image_.pre_data()) leader.run(item, progress_);
    load_rows(image_, sessions, progress_);
    set_sequences(leader.connection(), image_.sequences());
    load_all_large_objects(image_, leader.connection(), progress_);
    build(image_.post_data(), sessions, progress_);
    leader.flush();
  }

 private:
  const Server& server_;
  const ImageReader& image_;
  Progress& progress_;
};

}  // namespace

void materialise(const Server& server, const ParkedRegistry& registry, const ImageSource& image,
                 const ParkedName& to, Progress& progress) {
  const ImageReader reader(image);
  const Properties properties = properties_from(reader.header().attributes);
  Connection connection = server.maintenance();
  progress.begin("building " + to.str(), bytes_of(reader));
  ParkedDraft draft(
      server, registry, connection, to,
      create_options(reader.header(), connection.version()) + owner_option(connection, properties),
      progress);
  Materialiser(server, reader, progress).fill(draft.database());
  for (const std::string& lost : apply_properties(connection, draft.database(), properties)) {
    server.notice(lost);
  }
  draft.keep();
  progress.end();
}

}  // namespace quemsi::postgresql_engine

#include "engine/postgresql/schema_dump.hpp"

#include <fmt/format.h>

#include "engine/postgresql/dump_tool.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// The password goes by the environment, which nobody else can read.
std::map<std::string, std::optional<std::string>> environment_of(const ConnectInfo& info) {
  std::map<std::string, std::optional<std::string>> environment{
      {"LC_ALL", "C"},           {"LANGUAGE", std::nullopt},  {"PGDATESTYLE", std::nullopt},
      {"PGTZ", std::nullopt},    {"PGAPPNAME", std::nullopt}, {"PGCLIENTENCODING", std::nullopt},
      {"PG_COLOR", std::nullopt}};
  if (const auto password = info.password()) environment["PGPASSWORD"] = *password;
  return environment;
}

Error failed(const std::string& program, const std::string& server_version,
             const ProcessResult& result) {
  if (result.err.find("server version mismatch") != std::string::npos) {
    return old_dump_tool(program, server_version).cause(std::string(trim(result.err)));
  }
  if (result.exit_code == 127 || result.exit_code == 126) {
    return missing_dump_tool(program, std::string(trim(result.err)));
  }
  Error error(ErrorKind::engine, fmt::format("{} could not read the schema", program));
  for (const std::string& line : split(trim(result.err), '\n')) error.cause(line);
  return error;
}

/// Our reading of SQL takes backslashes for what they are in standard strings.
void check_strings(const Script& script) {
  for (const ScriptItem& item : script) {
    const auto found = item.settings.find("standard_conforming_strings");
    if (found == item.settings.end() || found->second.find("off") == std::string::npos) continue;
    throw Error(ErrorKind::unsupported,
                "the database has standard_conforming_strings turned off, which is not supported")
        .hint("ALTER DATABASE ... RESET standard_conforming_strings");
  }
}

}  // namespace

SchemaDump::SchemaDump(const Server& server, const Connection& session, const std::string& snapshot,
                       Content content)
    : name_(fmt::format("{} dump {}", reader_application, session.backend_pid())),
      server_version_(PQparameterStatus(session.handle(), "server_version")) {
  const ConnectInfo info = server.info().to(session.database()).with_password(session.password());
  ProcessRequest request;
  request.argv = dump_command(server.context(), session.major());
  program_ = join(request.argv, " ");
  request.environment = environment_of(info);
  for (const std::string& argument :
       {std::string("--no-password"), std::string("--encoding=UTF8"),
        std::string("--section=pre-data"), std::string("--section=post-data"),
        "--snapshot=" + snapshot,
        fmt::format("--dbname={} application_name='{}'", info.arguments(), name_)}) {
    request.argv.push_back(argument);
  }
  if (content == Content::schema) request.argv.emplace_back("--no-blobs");
  ended_ = std::async(std::launch::async, [request, info] { return run(request, info); });
}

SchemaDump::Ended SchemaDump::run(const ProcessRequest& request, const ConnectInfo& info) {
  Ended ended{.process = run_process(request), .definitions = {}};
  if (ended.process.exit_code != 0) return ended;
  Connection connection = Connection::open(info, reader_application);
  ended.definitions = read_definitions(connection);
  return ended;
}

bool SchemaDump::ends_within(std::chrono::milliseconds limit) const {
  return ended_.wait_for(limit) == std::future_status::ready;
}

const SchemaDump::Ended& SchemaDump::ended() const {
  try {
    return ended_.get();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::unsupported) throw;
    throw missing_dump_tool(program_, error.what());
  }
}

void SchemaDump::wait() const {
  const ProcessResult& process = ended().process;
  if (process.exit_code != 0) throw failed(program_, server_version_, process);
}

SplitScript SchemaDump::script() const {
  wait();
  Script script = parse_script(ended().process.out);
  check_strings(script);
  return split_at_data(std::move(script));
}

const Definitions& SchemaDump::definitions() const {
  wait();
  return ended().definitions;
}

}  // namespace quemsi::postgresql_engine

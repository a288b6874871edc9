#include "engine/postgresql/url.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <array>

#include "engine/common/hosts.hpp"
#include "quemsi/error.hpp"
#include "util/c_handle.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine {
namespace {

using Options = CHandle<PQconninfoOption, PQconninfoFree>;
using Parameters = std::map<std::string, std::string>;

/// NAMEDATALEN - 1: the server cuts what is longer, and would mean another database.
constexpr std::size_t longest_name = 63;
constexpr const char* default_port = "5432";

Error refused(const std::string& why) {
  return Error(ErrorKind::config, "not a usable PostgreSQL URL: " + why)
      .hint("write postgresql://USER@HOST:PORT/DATABASE, or postgresql:///DATABASE?host=FOLDER");
}

Parameters parameters_of(const PQconninfoOption* options) {
  Parameters parameters;
  for (const auto* option = options; option != nullptr && option->keyword != nullptr; ++option) {
    if (option->val != nullptr && *option->val != '\0') parameters[option->keyword] = option->val;
  }
  return parameters;
}

Parameters parse_text(const std::string& text) {
  char* message = nullptr;
  const Options options(PQconninfoParse(text.c_str(), &message));
  const CHandle<char, PQfreemem> owned(message);
  // libpq's message may quote a part of the text, and that may be the password.
  if (!options) throw refused("it cannot be parsed");
  return parameters_of(options.get());
}

/// What libpq would connect with. Only libpq knows how it merges the environment and
/// service files; asked for a kind of session that does not exist, it stops after merging.
Parameters merge_defaults(const Parameters& given) {
  std::vector<const char*> keys;
  std::vector<const char*> values;
  for (const auto& [key, value] : given) {
    if (key == "target_session_attrs") continue;
    keys.push_back(key.c_str());
    values.push_back(value.c_str());
  }
  keys.insert(keys.end(), {"target_session_attrs", nullptr});
  values.insert(values.end(), {"no such kind", nullptr});
  const CHandle<PGconn, PQfinish> connection(PQconnectStartParams(keys.data(), values.data(), 0));
  const Options options(PQconninfo(connection.get()));
  return parameters_of(options.get());
}

std::string value_of(const Parameters& parameters, const std::string& key) {
  const auto found = parameters.find(key);
  return found == parameters.end() ? std::string() : found->second;
}

/// Where nothing else is said, libpq takes the user's name for the database's.
bool names_database(Parameters given) {
  constexpr const char* nobody = "nobody's database";
  given["user"] = nobody;
  return value_of(merge_defaults(given), "dbname") != nobody;
}

bool is_socket(std::string_view host) { return host.starts_with('/') || host.starts_with('@'); }

/// The folders in which servers put their sockets unless told otherwise.
bool is_usual_socket(std::string_view host) {
  static constexpr std::array<std::string_view, 3> folders{"/var/run/postgresql", "/run/postgresql",
                                                           "/tmp"};
  return host.empty() || std::ranges::find(folders, host) != folders.end();
}

std::string quote_value(std::string_view value) {
  std::string quoted = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

std::string key_values(const Parameters& parameters) {
  std::vector<std::string> parts;
  parts.reserve(parameters.size());
  for (const auto& [key, value] : parameters) parts.push_back(key + "=" + quote_value(value));
  return join(parts, " ");
}

bool is_uri(std::string_view text) {
  return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

/// The path gets the name; a parameter that says otherwise goes.
std::string replace_in_uri(const std::string& uri, const std::string& database) {
  const std::size_t start = uri.find("://") + 3;
  const std::size_t path = std::min(uri.find_first_of("/?", start), uri.size());
  const std::size_t question = std::min(uri.find('?', path), uri.size());
  std::string result = uri.substr(0, path) + "/" + encode_percent(database);
  if (question == uri.size()) return result;
  char separator = '?';
  for (const std::string& parameter : split(std::string_view(uri).substr(question + 1), '&')) {
    if (parameter.starts_with("dbname=")) continue;
    result += separator + parameter;
    separator = '&';
  }
  return result;
}

}  // namespace

ConnectInfo ConnectInfo::parse(const std::string& text) {
  ConnectInfo info;
  info.text_ = text;
  info.given_ = parse_text(text);
  if (info.given_.contains("replication")) throw refused("it asks for a replication connection");
  const Parameters merged = merge_defaults(info.given_);
  info.user_ = value_of(merged, "user");
  info.host_ = value_of(merged, "hostaddr");
  if (info.host_.empty()) info.host_ = value_of(merged, "host");
  info.port_ = value_of(merged, "port");
  if (info.port_.empty()) info.port_ = default_port;
  if ((info.host_ + info.port_).find(',') != std::string::npos) {
    throw refused("it names several servers");
  }
  if (!names_database(info.given_)) throw refused("it names no database");
  return info.to(value_of(merged, "dbname"));
}

ConnectInfo ConnectInfo::to(const std::string& database) const {
  ConnectInfo other = *this;
  other.database_ = database;
  other.given_["dbname"] = database;
  return other;
}

ConnectInfo ConnectInfo::with_password(const std::string& password) const {
  ConnectInfo other = *this;
  if (!password.empty()) other.given_["password"] = password;
  return other;
}

bool ConnectInfo::is_local() const {
  return host_.empty() || is_socket(host_) || is_loopback(host_);
}

std::optional<std::string> ConnectInfo::password() const {
  const auto found = given_.find("password");
  return found == given_.end() ? std::nullopt : std::optional(found->second);
}

std::string ConnectInfo::arguments() const {
  Parameters parameters = given_;
  parameters.erase("password");
  parameters.erase("sslpassword");
  return key_values(parameters);
}

std::string ConnectInfo::url() const {
  return is_uri(text_) ? replace_in_uri(text_, database_) : key_values(given_);
}

std::string ConnectInfo::location() const {
  const bool usual = is_usual_socket(host_) || is_loopback(host_);
  return fmt::format("postgresql://{}:{}/{}", usual ? "localhost" : encode_percent(host_), port_,
                     encode_percent(database_));
}

std::string ConnectInfo::display() const {
  if (host_.empty() || is_socket(host_)) {
    const std::string folder = host_.empty() ? std::string() : "&host=" + host_;
    return fmt::format("postgresql://{}@/{}?port={}{}", user_, database_, port_, folder);
  }
  return fmt::format("postgresql://{}@{}:{}/{}", user_, host_, port_, database_);
}

std::string ConnectInfo::server() const {
  if (host_.empty()) return fmt::format("port {} of this machine", port_);
  return fmt::format("{}:{}", host_, port_);
}

void check_host(const ConnectInfo& info, const std::vector<std::string>& allowed) {
  if (!info.is_local()) check_allowed(info.host(), allowed);
}

void check_live_name(std::string_view name) {
  static constexpr std::array<std::string_view, 3> system{"postgres", "template0", "template1"};
  if (std::ranges::find(system, name) != system.end()) {
    throw refused(fmt::format("'{}' is the server's own database", name));
  }
  if (name.starts_with("quemsi_")) {
    throw refused("a name that starts with 'quemsi_' is a parked copy's");
  }
  if (name.size() > longest_name) throw refused("the database's name is longer than 63 bytes");
}

}  // namespace quemsi::postgresql_engine

// What belongs to a database and is kept outside of it, in the server's shared catalogues. It
// travels with a rename, but neither with a TEMPLATE copy nor with a dump of the content.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/postgresql/connection.hpp"
#include "quemsi/image.hpp"

namespace quemsi::postgresql_engine {

struct Grant {
  std::string grantee;    ///< empty is PUBLIC
  std::string privilege;  ///< CREATE, CONNECT, TEMPORARY
  bool grantable = false;
  bool operator==(const Grant&) const = default;
};

struct Setting {
  std::string role;  ///< empty: of every role
  std::string name;
  std::string value;  ///< as pg_db_role_setting holds it
  bool operator==(const Setting&) const = default;
};

struct SecurityLabel {
  std::string provider;
  std::string label;
  bool operator==(const SecurityLabel&) const = default;
};

struct Properties {
  std::string owner;
  std::optional<std::vector<Grant>> grants;  ///< none: the defaults
  int connection_limit = -1;
  bool is_template = false;
  std::vector<Setting> settings;
  std::optional<std::string> comment;
  std::vector<SecurityLabel> labels;
  bool operator==(const Properties&) const = default;
};

/// Of any database of the server. Throws Error(engine) when there is none of that name.
Properties read_properties(Connection& connection, const std::string& database);

/// To a database that has none of its own yet; its owner stays. All in one transaction; returns
/// what could not be carried over (a role that is missing, a right that we do not have), for
/// humans.
std::vector<std::string> apply_properties(Connection& connection, const std::string& database,
                                          const Properties& properties);

/// To a database that may have some already; its owner stays, and so does what is as it should be.
/// Returns as apply_properties() does.
std::vector<std::string> replace_properties(Connection& connection, const std::string& database,
                                            const Properties& properties);

/// Keys start with "database.".
Attributes to_attributes(const Properties& properties);
/// Throws Error(corrupt) for what to_attributes() did not write.
Properties properties_from(const Attributes& attributes);

}  // namespace quemsi::postgresql_engine

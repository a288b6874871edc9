#include "engine/postgresql/properties.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "engine/postgresql/list_setting.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine {
namespace {

std::vector<Grant> read_grants(Connection& connection, const std::string& database) {
  const Result rows = connection.query(
      "SELECT coalesce(r.rolname, ''), a.privilege_type, a.is_grantable "
      "FROM pg_catalog.pg_database d, "
      "pg_catalog.aclexplode(d.datacl) WITH ORDINALITY AS a(grantor, grantee, privilege_type, "
      "is_grantable, position) LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee "
      "WHERE d.datname::text = $1 AND (a.grantee = 0 OR r.oid IS NOT NULL) ORDER BY a.position",
      database);
  std::vector<Grant> grants;
  grants.reserve(static_cast<std::size_t>(rows.rows()));
  for (int row = 0; row < rows.rows(); ++row) {
    grants.push_back({rows.str(row, 0), rows.str(row, 1), rows.boolean(row, 2)});
  }
  return grants;
}

std::vector<Setting> read_settings(Connection& connection, const std::string& database) {
  const Result rows = connection.query(
      "SELECT coalesce(r.rolname, ''), split_part(c.entry, '=', 1), "
      "substr(c.entry, strpos(c.entry, '=') + 1) "
      "FROM pg_catalog.pg_database d JOIN pg_catalog.pg_db_role_setting s ON s.setdatabase = d.oid "
      "LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole, "
      "unnest(s.setconfig) WITH ORDINALITY AS c(entry, position) "
      "WHERE d.datname::text = $1 AND (s.setrole = 0 OR r.oid IS NOT NULL) "
      "ORDER BY s.setrole = 0 DESC, r.rolname, c.position",
      database);
  std::vector<Setting> settings;
  settings.reserve(static_cast<std::size_t>(rows.rows()));
  for (int row = 0; row < rows.rows(); ++row) {
    settings.push_back({rows.str(row, 0), rows.str(row, 1), rows.str(row, 2)});
  }
  return settings;
}

std::vector<SecurityLabel> read_labels(Connection& connection, const std::string& database) {
  const Result rows = connection.query(
      "SELECT l.provider, l.label FROM pg_catalog.pg_shseclabel l JOIN pg_catalog.pg_database d "
      "ON d.oid = l.objoid WHERE l.classoid = 'pg_catalog.pg_database'::regclass "
      "AND d.datname::text = $1 ORDER BY l.provider",
      database);
  std::vector<SecurityLabel> labels;
  labels.reserve(static_cast<std::size_t>(rows.rows()));
  for (int row = 0; row < rows.rows(); ++row)
    labels.push_back({rows.str(row, 0), rows.str(row, 1)});
  return labels;
}

/// Statements inside one transaction, each of which may fail on its own.
class Attempts {
 public:
  explicit Attempts(Connection& connection) : connection_(connection) {}

  void attempt(const std::string& what, const std::string& sql) {
    connection_.execute("SAVEPOINT attempt");
    try {
      connection_.execute(sql);
    } catch (const Error& error) {
      if (!connection_.alive()) throw;
      connection_.execute("ROLLBACK TO SAVEPOINT attempt");
      lost_.push_back(fmt::format("{} was not carried over: {}", what, error.what()));
    }
    connection_.execute("RELEASE SAVEPOINT attempt");
  }
  [[nodiscard]] std::vector<std::string> take_lost() { return std::move(lost_); }

 private:
  Connection& connection_;
  std::vector<std::string> lost_;
};

std::string grant_statement(const std::string& quoted, const Grant& grant,
                            const std::string& grantee) {
  return fmt::format("GRANT {} ON DATABASE {} TO {}{}", grant.privilege, quoted,
                     grantee.empty() ? "PUBLIC" : quote_identifier(grantee),
                     grant.grantable ? " WITH GRANT OPTION" : "");
}

void apply_grants(Connection& connection, Attempts& attempts, const std::string& database,
                  const Properties& properties) {
  if (!properties.grants) return;
  const std::string quoted = quote_identifier(database);
  const std::string owner = read_properties(connection, database).owner;
  connection.execute(
      fmt::format("REVOKE ALL ON DATABASE {} FROM PUBLIC; "
                  "REVOKE ALL ON DATABASE {} FROM {}",
                  quoted, quoted, quote_identifier(owner)));
  for (const Grant& grant : *properties.grants) {
    const std::string& grantee = grant.grantee == properties.owner ? owner : grant.grantee;
    attempts.attempt(
        fmt::format("{}'s right to {}", grantee.empty() ? "PUBLIC" : grantee, grant.privilege),
        grant_statement(quoted, grant, grantee));
  }
}

std::string setting_statement(const std::string& quoted, const Setting& setting) {
  const std::string object =
      setting.role.empty()
          ? fmt::format("DATABASE {}", quoted)
          : fmt::format("ROLE {} IN DATABASE {}", quote_identifier(setting.role), quoted);
  return fmt::format("ALTER {} SET {} = {}", object, quote_setting_name(setting.name),
                     quote_setting_value(setting.name, setting.value));
}

std::string describe(const Setting& setting) {
  return setting.role.empty() ? fmt::format("the database's setting {}", setting.name)
                              : fmt::format("{}'s setting {}", setting.role, setting.name);
}

void apply(Connection& connection, Attempts& attempts, const std::string& database,
           const Properties& properties) {
  const std::string quoted = quote_identifier(database);
  apply_grants(connection, attempts, database, properties);
  for (const Setting& setting : properties.settings) {
    attempts.attempt(describe(setting), setting_statement(quoted, setting));
  }
  if (properties.comment) {
    attempts.attempt("the database's comment", fmt::format("COMMENT ON DATABASE {} IS {}", quoted,
                                                           quote_literal(*properties.comment)));
  }
  for (const SecurityLabel& label : properties.labels) {
    attempts.attempt(
        "the label of " + label.provider,
        fmt::format("SECURITY LABEL FOR {} ON DATABASE {} IS {}", quote_identifier(label.provider),
                    quoted, quote_literal(label.label)));
  }
  if (properties.connection_limit >= 0) {
    attempts.attempt(
        "the database's connection limit",
        fmt::format("ALTER DATABASE {} CONNECTION LIMIT {}", quoted, properties.connection_limit));
  }
  if (properties.is_template) {
    attempts.attempt("that the database is a template",
                     fmt::format("ALTER DATABASE {} IS_TEMPLATE true", quoted));
  }
}

/// Back to what a new database has.
void reset(Attempts& attempts, const std::string& database, const Properties& now) {
  const std::string quoted = quote_identifier(database);
  std::set<std::string> roles;
  for (const Setting& setting : now.settings) roles.insert(setting.role);
  for (const std::string& role : roles) {
    attempts.attempt("a reset of the database's settings",
                     role.empty() ? fmt::format("ALTER DATABASE {} RESET ALL", quoted)
                                  : fmt::format("ALTER ROLE {} IN DATABASE {} RESET ALL",
                                                quote_identifier(role), quoted));
  }
  std::string sql = fmt::format("COMMENT ON DATABASE {0} IS NULL;", quoted);
  if (now.connection_limit >= 0)
    sql += fmt::format("ALTER DATABASE {} CONNECTION LIMIT -1;", quoted);
  for (const Grant& grant : now.grants.value_or(std::vector<Grant>())) {
    sql += fmt::format("REVOKE ALL ON DATABASE {} FROM {};", quoted,
                       grant.grantee.empty() ? "PUBLIC" : quote_identifier(grant.grantee));
  }
  if (now.grants) {
    sql += fmt::format(
        "GRANT ALL ON DATABASE {0} TO {1};GRANT CONNECT, TEMPORARY ON DATABASE {0} "
        "TO PUBLIC;",
        quoted, quote_identifier(now.owner));
  }
  attempts.attempt("a reset of the database's privileges", sql);
}

/// What has not been said is what a new database has; the order of grants means nothing.
Properties comparable(Properties properties, const std::string& owner) {
  if (!properties.grants) {
    properties.grants = {{"", "CONNECT"},
                         {"", "TEMPORARY"},
                         {owner, "CONNECT"},
                         {owner, "CREATE"},
                         {owner, "TEMPORARY"}};
  }
  for (Grant& grant : *properties.grants) {
    if (grant.grantee == properties.owner) grant.grantee = owner;
  }
  std::ranges::sort(*properties.grants, {}, [](const Grant& grant) {
    return std::tie(grant.grantee, grant.privilege, grant.grantable);
  });
  properties.owner = owner;
  return properties;
}

}  // namespace

Properties read_properties(Connection& connection, const std::string& database) {
  const Result row = connection.query(
      "SELECT pg_catalog.pg_get_userbyid(datdba), datconnlimit, datistemplate, datacl IS NULL, "
      "pg_catalog.shobj_description(oid, 'pg_database') "
      "FROM pg_catalog.pg_database WHERE datname::text = $1",
      database);
  if (row.rows() == 0) throw Error(ErrorKind::engine, "there is no database " + database);
  Properties properties;
  properties.owner = row.str(0, 0);
  properties.connection_limit = static_cast<int>(row.int64(0, 1));
  properties.is_template = row.boolean(0, 2);
  if (!row.boolean(0, 3)) properties.grants = read_grants(connection, database);
  if (!row.is_null(0, 4)) properties.comment = row.str(0, 4);
  properties.settings = read_settings(connection, database);
  properties.labels = read_labels(connection, database);
  return properties;
}

std::vector<std::string> apply_properties(Connection& connection, const std::string& database,
                                          const Properties& properties) {
  NestedTransaction transaction(connection);
  Attempts attempts(connection);
  apply(connection, attempts, database, properties);
  transaction.commit();
  return attempts.take_lost();
}

std::vector<std::string> replace_properties(Connection& connection, const std::string& database,
                                            const Properties& properties) {
  const Properties now = read_properties(connection, database);
  if (comparable(properties, now.owner) == comparable(now, now.owner)) return {};
  NestedTransaction transaction(connection);
  Attempts attempts(connection);
  reset(attempts, database, now);
  apply(connection, attempts, database, properties);
  transaction.commit();
  return attempts.take_lost();
}

}  // namespace quemsi::postgresql_engine

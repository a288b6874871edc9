#include "engine/postgresql/large_object_script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace quemsi::postgresql_engine {
namespace {

using Lines = std::map<std::string, std::vector<std::string>>;  ///< by the object's number

bool makes_large_objects(const Script& script) {
  return std::ranges::any_of(script,
                             [](const ScriptItem& item) { return item.type.starts_with("BLOB"); });
}

/// The query's rows are an object's number and a statement that ends without a semicolon.
Lines lines(Connection& connection, const std::string& query) {
  const Result rows = connection.query(query);
  Lines lines;
  for (int row = 0; row < rows.rows(); ++row) {
    lines[std::string(rows.text(row, 0))].push_back(std::string(rows.text(row, 1)) + ";");
  }
  return lines;
}

Lines comments(Connection& connection) {
  return lines(connection,
               "SELECT objoid, format('COMMENT ON LARGE OBJECT %s IS %L', objoid, description) "
               "FROM pg_description WHERE classoid = 'pg_largeobject'::regclass");
}

Lines labels(Connection& connection) {
  return lines(connection,
               "SELECT objoid, format('SECURITY LABEL FOR %I ON LARGE OBJECT %s IS %L', provider, "
               "objoid, label) FROM pg_seclabel WHERE classoid = 'pg_largeobject'::regclass "
               "ORDER BY objoid, provider");
}

/// What the owner has by himself goes first: somebody may have taken it from him.
Lines privileges(Connection& connection) {
  return lines(
      connection,
      "SELECT oid, format('REVOKE ALL ON LARGE OBJECT %s FROM %I', oid, "
      "pg_get_userbyid(lomowner)), 0 AS place FROM pg_largeobject_metadata WHERE lomacl IS NOT "
      "NULL UNION ALL SELECT oid, format('GRANT %s ON LARGE OBJECT %s TO %s%s', "
      "acl.privilege_type, "
      "oid, CASE acl.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(acl.grantee)) "
      "END, CASE WHEN acl.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END), acl.place "
      "FROM pg_largeobject_metadata, aclexplode(lomacl) WITH ORDINALITY acl(grantor, grantee, "
      "privilege_type, is_grantable, place) ORDER BY oid, place");
}

void append(ScriptItem& item, const Lines& lines, const std::string& object) {
  const auto found = lines.find(object);
  if (found == lines.end()) return;
  item.statements.insert(item.statements.end(), found->second.begin(), found->second.end());
}

/// An item like the last one of `script`, as far as settings go.
ScriptItem item_of(const Script& script, const char* type, const std::string& object,
                   const std::string& owner) {
  return {.header = fmt::format("Name: {}; Type: {}; Schema: -; Owner: {}", object, type, owner),
          .type = type,
          .statements = {},
          .settings = script.empty() ? ScriptItem().settings : script.back().settings};
}

}  // namespace

void add_large_objects(Connection& connection, SplitScript& script) {
  if (makes_large_objects(script.pre_data)) return;
  const Result objects = connection.query(
      "SELECT oid, quote_ident(pg_get_userbyid(lomowner)) FROM pg_largeobject_metadata "
      "ORDER BY oid");
  if (objects.rows() == 0) return;
  const Lines all_comments = comments(connection);
  const Lines all_labels = labels(connection);
  const Lines all_privileges = privileges(connection);
  for (int row = 0; row < objects.rows(); ++row) {
    const std::string object(objects.text(row, 0));
    const std::string owner(objects.text(row, 1));
    ScriptItem made = item_of(script.pre_data, "BLOB", object, owner);
    made.statements = {fmt::format("SELECT pg_catalog.lo_create('{}');", object),
                       fmt::format("ALTER LARGE OBJECT {} OWNER TO {};", object, owner)};
    append(made, all_comments, object);
    append(made, all_labels, object);
    script.pre_data.push_back(std::move(made));
    ScriptItem granted = item_of(script.post_data, "ACL", object, owner);
    append(granted, all_privileges, object);
    if (!granted.statements.empty()) script.post_data.push_back(std::move(granted));
  }
}

}  // namespace quemsi::postgresql_engine

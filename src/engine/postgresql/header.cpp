#include "engine/postgresql/header.hpp"

#include <fmt/format.h>

#include <array>

#include "engine/postgresql/image_format.hpp"
#include "engine/postgresql/tablespaces.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// What every header has.
constexpr std::array<const char*, 8> keys{"server_version", "encoding",     "locale_provider",
                                          "collate",        "ctype",        "locale",
                                          "content",        "public_schema"};

/// How CREATE DATABASE calls a locale provider, by its letter in the catalogue.
const char* provider_name(std::string_view letter) {
  if (letter == "i") return "icu";
  return letter == "b" ? "builtin" : "libc";
}

std::string locale_columns(int version) {
  const std::string locale = version >= 170000 ? "datlocale" : "daticulocale";
  if (version < 150000) return "'c', NULL, NULL, NULL";
  return fmt::format("datlocprovider, {}, {}, datcollversion", locale,
                     version >= 160000 ? "daticurules" : "NULL");
}

std::string clause(const char* name, const std::string& value) {
  return fmt::format(" {} {}", name, quote_literal(value));
}

}  // namespace

ImageHeader read_header(Connection& connection, Content content) {
  const Result row = connection.query(
      fmt::format("SELECT pg_encoding_to_char(encoding), datcollate, datctype, {}, "
                  "EXISTS (SELECT FROM pg_namespace WHERE nspname = 'public') "
                  "FROM pg_database WHERE datname = current_database()",
                  locale_columns(connection.version())));
  ImageHeader header{.engine = engine_name, .engine_format = image_format, .attributes = {}};
  header.attributes = to_attributes(read_properties(connection, connection.database()));
  header.attributes["server_version"] = PQparameterStatus(connection.handle(), "server_version");
  header.attributes["encoding"] = row.str(0, 0);
  header.attributes["collate"] = row.str(0, 1);
  header.attributes["ctype"] = row.str(0, 2);
  header.attributes["locale_provider"] = provider_name(row.text(0, 3));
  header.attributes["locale"] = row.str(0, 4);
  if (!row.is_null(0, 5)) header.attributes["icu_rules"] = row.str(0, 5);
  if (!row.is_null(0, 6)) header.attributes["collation_version"] = row.str(0, 6);
  header.attributes["public_schema"] = row.boolean(0, 7) ? "present" : "absent";
  const std::string tablespace = read_tablespace(connection);
  if (!tablespace.empty()) header.attributes["tablespace"] = tablespace;
  header.attributes["content"] = content == Content::all ? "all" : "schema";
  return header;
}

void check_header(const ImageHeader& header) {
  if (header.engine != engine_name) bad_image("it is of the engine " + header.engine);
  if (header.engine_format != image_format) {
    throw Error(ErrorKind::unsupported, "the image was written by a newer release of git-quemsi")
        .cause("format " + header.engine_format + ", known up to " + image_format)
        .hint("install a newer git-quemsi");
  }
  for (const char* key : keys) {
    if (!header.attributes.contains(key)) bad_image(std::string("its header has no ") + key);
  }
}

std::string create_options(const ImageHeader& header, int version) {
  const Attributes& attributes = header.attributes;
  std::string options = "TEMPLATE template0" + clause("ENCODING", attributes.at("encoding")) +
                        clause("LC_COLLATE", attributes.at("collate")) +
                        clause("LC_CTYPE", attributes.at("ctype"));
  if (version < 150000) return options;
  const std::string& provider = attributes.at("locale_provider");
  options += " LOCALE_PROVIDER " + quote_identifier(provider);
  if (provider == "icu") options += clause("ICU_LOCALE", attributes.at("locale"));
  if (provider == "builtin") options += clause("BUILTIN_LOCALE", attributes.at("locale"));
  const auto rules = attributes.find("icu_rules");
  if (rules != attributes.end()) options += clause("ICU_RULES", rules->second);
  return options;
}

std::string tablespace_of(const ImageHeader& header) {
  const auto found = header.attributes.find("tablespace");
  return found == header.attributes.end() ? std::string() : found->second;
}

bool lacks_public_schema(const ImageHeader& header) {
  return header.attributes.at("public_schema") == "absent";
}

}  // namespace quemsi::postgresql_engine

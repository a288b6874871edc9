#include "engine/postgresql/script.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

using testing::ElementsAre;

std::vector<std::string> statements(std::string_view text) {
  std::vector<std::string> all;
  for (const ScriptItem& item : parse_script(text)) {
    all.insert(all.end(), item.statements.begin(), item.statements.end());
  }
  return all;
}

TEST(Script, StatementsEndAtTopLevelOnly) {
  EXPECT_THAT(
      statements("SELECT ';'; SELECT \"a;b\" ;\nSELECT 1 -- ;\n;SELECT /* ; /* ; */ ; */ 2;"),
      ElementsAre("SELECT ';';", "SELECT \"a;b\" ;", "SELECT 1 -- ;\n;",
                  "SELECT /* ; /* ; */ ; */ 2;"));
  EXPECT_THAT(statements("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3;"),
              ElementsAre("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);", "SELECT 3;"));
}

TEST(Script, StringsOfEveryKindAreSeenWhole) {
  for (const std::string text :
       {"SELECT 'it''s; ';", "SELECT E'\\';\\\\';", "SELECT $$;'$$;", "SELECT $a$;$$;$b$;$a$;",
        "SELECT U&'d\\0061;';", "SELECT 'back\\';", "SELECT a$b$c, ';';", "SELECT $1, 'x;';",
        "SELECT \"E\"';';", "SELECT typE';';"}) {
    EXPECT_THAT(statements(text), ElementsAre(text));
  }
}

TEST(Script, BodiesInStandardSqlAreOneStatement) {
  const std::string body =
      "CREATE OR REPLACE FUNCTION public.f(a integer DEFAULT (1)) RETURNS integer\n"
      "    LANGUAGE sql\n    BEGIN ATOMIC\n SELECT CASE WHEN a > 1 THEN 1 ELSE 2 END;\n"
      " SELECT 3;\nEND;";
  EXPECT_THAT(statements(body + "SELECT 1;"), ElementsAre(body, "SELECT 1;"));
  EXPECT_THAT(statements("CREATE TABLE begin (x int); SELECT 1;"),
              ElementsAre("CREATE TABLE begin (x int);", "SELECT 1;"));
  EXPECT_THAT(statements("CREATE FUNCTION public.begin() RETURNS int LANGUAGE sql AS 'SELECT 1';"
                         "CREATE FUNCTION f() RETURNS int\nBEGIN /* ; */ ATOMIC SELECT 1; END;"),
              testing::SizeIs(2));
  EXPECT_THAT(
      statements("CREATE PROCEDURE p() BEGIN ATOMIC INSERT INTO a VALUES (1); END; SELECT 1;"),
      testing::SizeIs(2));
}

TEST(Script, ItemsAreToldByHeadersAtTopLevelOnly) {
  const std::string body =
      "CREATE FUNCTION f() AS $$\n--\n-- Name: not me; Type: TABLE; Schema: -; Owner: -\n--\n$$;";
  const Script script =
      parse_script("--\n-- Name: f; Type: FUNCTION; Schema: public; Owner: a b\n--\n\n" + body +
                   "\n\nALTER FUNCTION f() OWNER TO \"a b\";\n"
                   "--\n-- Name: x; Type: T; Type: FK CONSTRAINT; Schema: s; Owner: o; Tablespace: "
                   "t\n--\nSELECT 1;");
  ASSERT_EQ(script.size(), 2U);
  EXPECT_EQ(script[0].type, "FUNCTION");
  EXPECT_THAT(script[0].statements, ElementsAre(body, "ALTER FUNCTION f() OWNER TO \"a b\";"));
  EXPECT_EQ(script[1].type, "FK CONSTRAINT");
}

TEST(Script, WhatDiffersFromRunToRunIsLeftOut) {
  const auto dump = [](const std::string& key, const std::string& version) {
    return "--\n-- PostgreSQL database dump\n--\n\n\\restrict " + key +
           "\n\n-- Dumped from database version " + version +
           "\n\nSET client_encoding = 'UTF8';\n\n--\n-- Name: t; Type: TABLE; Schema: public; "
           "Owner: o\n--\n\nCREATE TABLE t (\n);\n\n\n\\unrestrict " +
           key + "\n\n";
  };
  const std::string text = script_text(parse_script(dump("4aB'c", "15.1")));
  EXPECT_EQ(text, script_text(parse_script(dump("0x;", "16.2"))));
  EXPECT_EQ(text,
            "SET client_encoding = 'UTF8';\n\n-- Name: t; Type: TABLE; Schema: public; Owner: o\n"
            "CREATE TABLE t (\n);\n");
  EXPECT_EQ(script_text(parse_script(text)), text);
}

TEST(Script, LimitsOfTimeAreLeftOutWhichAnOlderServerMayNotKnow) {
  EXPECT_EQ(script_text(parse_script("SET statement_timeout = 0;\nSET transaction_timeout = 0;\n"
                                     "SET xmloption = content;\nSELECT 1;\n")),
            "SET xmloption = content;\nSELECT 1;\n");
}

TEST(Script, SettingsHoldFromWhereTheyStand) {
  const Script script = parse_script(
      "SET a = 1;\nSELECT pg_catalog.set_config('search_path', '', false);\n"
      "--\n-- Name: x; Type: TABLE; Schema: -; Owner: -\n--\nSELECT 1;\nSET a = 2;\n"
      "--\n-- Name: y; Type: TABLE; Schema: -; Owner: -\n--\nSELECT 2;\n");
  ASSERT_EQ(script.size(), 2U);
  EXPECT_EQ(script[0].settings.at("a"), "SET a = 1;");
  EXPECT_EQ(script[0].settings.count("search_path"), 1U);
  EXPECT_EQ(script[1].settings.at("a"), "SET a = 2;");
  EXPECT_EQ(script_text(parse_script(script_text(script))), script_text(script));
}

TEST(Script, IsSplitWhereTheRowsGo) {
  const auto item = [](const std::string& type) {
    return ScriptItem{"Name: n; Type: " + type, type, {"SELECT 1;"}, {}};
  };
  const SplitScript split =
      split_at_data({item("SCHEMA"), item("TABLE"), item("COMMENT"), item("CONSTRAINT"),
                     item("FUNCTION"), item("FK CONSTRAINT"), item("ACL")});
  EXPECT_EQ(split.pre_data.size(), 3U);
  EXPECT_EQ(split.post_data.size(), 4U);
  EXPECT_EQ(split_at_data({item("TABLE"), item("ACL")}).pre_data.size(), 1U);
  EXPECT_EQ(split_at_data({item("TABLE")}).pre_data.size(), 1U);
}

TEST(Script, ATextThatEndsInsideAStatementIsCorrupt) {
  for (const std::string text : {"SELECT 1", "SELECT 'x;", "SELECT (1;", "SELECT $$ ;"}) {
    try {
      parse_script(text);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::corrupt);
    }
  }
}

}  // namespace
}  // namespace quemsi::postgresql_engine

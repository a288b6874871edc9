#include "engine/conformance.hpp"

#include <set>

namespace quemsi::test {
namespace {

using testing::IsEmpty;
using testing::Not;

}  // namespace

EngineConformance::EngineConformance()
    : context_{.top = dir_.path(),
               .state_dir = dir_.path() / "state",
               .busy_timeout = std::chrono::milliseconds(300)},
      quirks_(GetParam()()),
      registry_(QUEMSI_MODULE_DIR) {
  std::filesystem::create_directory(context_.state_dir);
  spec_ = quirks_->create(dir_.path(), "app");
  live_ = open(spec_);
  insert(spec_, 1, 100);
}

std::unique_ptr<Database> EngineConformance::open(const DatabaseSpec& spec) {
  return registry_.open(spec, context_);
}

void EngineConformance::insert(const DatabaseSpec& spec, int first, int count) {
  std::string sql = "INSERT INTO items VALUES";
  for (int id = first; id < first + count; ++id) {
    sql += (id == first ? "(" : ",(") + std::to_string(id) + ",'row " + std::to_string(id) + "')";
  }
  quirks_->run(spec.url, sql + ";");
}

std::vector<std::string> EngineConformance::names_of(const std::vector<ParkedInfo>& infos) {
  std::vector<std::string> names;
  for (const ParkedInfo& info : infos) names.push_back(info.name.str());
  return names;
}

std::string EngineConformance::causes_of(const Error& error) {
  std::string text;
  for (const std::string& cause : error.causes()) text += cause + "\n";
  return text;
}

ParkedName EngineConformance::park() {
  const ParkedName name = new_name();
  EXPECT_TRUE(live_->copy_live(name, Content::all, CopyLimit::none, no_progress()));
  return name;
}

std::optional<Token> EngineConformance::capture_token() {
  if (quirks_->copies_end_proofs()) return live_->pin(Content::all)->captured().token;
  const ParkedName name = new_name();
  const auto captured = live_->copy_live(name, Content::all, CopyLimit::none, no_progress());
  live_->drop_parked(name);
  return captured->token;
}

void EngineConformance::swap(const ParkedName& incoming, const ParkedName& outgoing) {
  static_cast<void>(live_->swap(live_->plan_swap(incoming, outgoing)));
}

void EngineConformance::set_policy(ConnectionPolicy policy) {
  context_.connections = policy;
  live_ = open(spec_);
}

TEST_P(EngineConformance, ProbeTellsWhatIsThere) {
  const Probe probe = live_->probe();
  EXPECT_TRUE(probe.exists);
  EXPECT_GT(probe.bytes, 0U);
  EXPECT_THAT(probe.version, Not(IsEmpty()));
  EXPECT_FALSE(open(quirks_->absent(dir_.path(), "absent"))->probe().exists);
}

TEST_P(EngineConformance, LocationNamesThePhysicalDatabase) {
  DatabaseSpec other_name = spec_;
  other_name.name = "another name";
  EXPECT_EQ(open(other_name)->location(), live_->location());
  EXPECT_NE(open(quirks_->create(dir_.path(), "other"))->location(), live_->location());
}

TEST_P(EngineConformance, FingerprintFollowsTheSchemaAndNotTheRows) {
  const std::optional<std::string> before = live_->schema_fingerprint();
  ASSERT_TRUE(before);
  insert(spec_, 1000, 10);
  EXPECT_EQ(live_->schema_fingerprint(), before);
  const ParkedName plain = park();
  std::set<std::optional<std::string>> seen{before};
  for (const char* sql :
       {"ALTER TABLE items ADD COLUMN extra INTEGER", "CREATE TABLE more(x INTEGER)",
        "CREATE INDEX by_x ON more(x)", "DROP VIEW labels"}) {
    quirks_->run(spec_.url, std::string(sql) + ";");
    EXPECT_TRUE(seen.insert(live_->schema_fingerprint()).second) << sql;
  }
  swap(plain, new_name());
  EXPECT_EQ(live_->schema_fingerprint(), before);
  EXPECT_FALSE(open(quirks_->absent(dir_.path(), "absent"))->schema_fingerprint());
}

TEST_P(EngineConformance, FindsNothingWrongWithASoundDatabase) {
  const std::vector<Finding> findings = live_->examine();
  for (const Finding& finding : findings) {
    EXPECT_NE(finding.severity, Severity::error) << finding.error.what();
    EXPECT_FALSE(finding.error.hints().empty() && finding.error.causes().empty())
        << finding.error.what();
  }
  EXPECT_GT(live_->free_bytes().value_or(1), 0U);
}

}  // namespace quemsi::test

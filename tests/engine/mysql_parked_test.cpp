#include "engine/mysql/parked.hpp"

#include "engine/mysql_world.hpp"
#include "support/cutting_proxy.hpp"

namespace quemsi::mysql_engine::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class MysqlParked : public MysqlWorld {
 protected:
  [[nodiscard]] bool has_markers() const {
    const std::filesystem::path folder = registry().folder();
    return std::filesystem::exists(folder) && !std::filesystem::is_empty(folder);
  }
  SchemaFacts facts_ = {.charset = "utf8mb4", .collation = "utf8mb4_bin", .comment = {}};
};

TEST_F(MysqlParked, DraftLeavesNothingUnlessKept) {
  const Server server = this->server();
  const ParkedRegistry parked = registry();
  Connection connection = server.connect();
  const ParkedName name = new_name();
  {
    const ParkedDraft draft(server, parked, connection, name, facts_);
    EXPECT_THAT(parked_schemas(), ElementsAre(name.str()));
    EXPECT_THAT(listed(), IsEmpty());
  }
  EXPECT_THAT(parked_schemas(), IsEmpty());
  EXPECT_FALSE(has_markers());
  ParkedDraft(server, parked, connection, name, facts_).keep();
  EXPECT_THAT(listed(), ElementsAre(name.str()));
  EXPECT_THROW(ParkedDraft(server, parked, connection, name, facts_), Error);
  EXPECT_THAT(listed(), ElementsAre(name.str()));
}

/// The server's answer that the schema is made does not arrive whole.
TEST_F(MysqlParked, DraftThatWasMadeUnseenIsDropped) {
  const TempDir sockets;
  quemsi::test::CuttingProxy proxy(sockets.path() / "s", server_.socket());
  DatabaseSpec through = spec();
  through.url =
      through.url.substr(0, through.url.find('?')) + "?socket=" + (sockets.path() / "s").string();
  const Server server(through, context_);
  const ParkedRegistry parked = registry();
  Connection connection = server.connect();
  static_cast<void>(server_identity(connection));  // is asked once
  proxy.carry_all();
  std::uint64_t whole = 0;
  {
    const ParkedDraft draft(server, parked, connection, new_name(), facts_);
    whole = proxy.carried();
  }
  proxy.cut_at(whole, quemsi::test::CuttingProxy::Then::go_on);
  EXPECT_THROW(ParkedDraft(server, parked, connection, new_name(), facts_), Error);
  EXPECT_TRUE(proxy.has_cut());
  EXPECT_THAT(parked_schemas(), IsEmpty());
  EXPECT_FALSE(has_markers());
}

}  // namespace
}  // namespace quemsi::mysql_engine::test

#include "fixture.hpp"
#include "support/file_damage.hpp"

namespace quemsi {
namespace {

class InitTest : public WorkflowTest {
 protected:
  InitTest() { std::filesystem::remove(sandbox().top() / ".quemsi.yml"); }
  InitResult plan(const std::string& url) { return plan_init(project(), {.urls = {url}}); }
  [[nodiscard]] std::filesystem::path local() const {
    return sandbox().top() / ".quemsi.local.yml";
  }
};

TEST_F(InitTest, KeepsAPasswordInTheLocalFile) {
  const InitResult result = plan("mysql://app:secret@localhost/shop");
  EXPECT_EQ(result.local_file, local());
  EXPECT_EQ(result.found.at(0).reference, "mysql://app@localhost/shop") << "this gets committed";
}

TEST_F(InitTest, LeavesALocalFileThatIsThereAsItIs) {
  for (const char* text : {"", "version: 1\ndatabases:\n  one: sqlite:one.db\n"}) {
    test::write_file(local(), text);
    end_command();
    EXPECT_THROW(plan("mysql://app:secret@localhost/shop"), Error) << text;
  }
}

TEST_F(InitTest, NeedsNoLocalFileWithoutAPassword) {
  EXPECT_FALSE(plan("mysql://app@localhost/shop").local_file);
  EXPECT_FALSE(plan("sqlite:one.db").local_file);
}

}  // namespace
}  // namespace quemsi

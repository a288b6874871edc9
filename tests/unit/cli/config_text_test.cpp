#include "cli/output/config_text.hpp"

#include <gtest/gtest.h>

namespace quemsi::cli {
namespace {

ConfigSetting setting() {
  ConfigSetting made{"warm", "3", {ConfigLayer::repository, ".quemsi.yml", 4}, {}};
  made.overrides = {{ConfigLayer::built_in, "", 0}};
  return made;
}

TEST(ConfigText, IsKeyAndValue) { EXPECT_EQ(config_text({setting()}, false), "warm=3\n"); }

TEST(ConfigText, ShowsTheOriginAndTheLosers) {
  EXPECT_EQ(config_text({setting()}, true), "file:.quemsi.yml:4\twarm=3\n\toverrides " +
                                                std::string(to_string(ConfigLayer::built_in)) +
                                                "\n");
}

TEST(TrustText, ShowsOnlyWhatDiffers) {
  EXPECT_EQ(trust_text("app: a\nlogs: b\n", "app: a\nlogs: c\n"), "- logs: b\n+ logs: c\n");
  EXPECT_EQ(trust_text("", "app: a\n"), "+ app: a\n");
  EXPECT_EQ(trust_text("app: a\n", "app: a\n"), "");
}

}  // namespace
}  // namespace quemsi::cli

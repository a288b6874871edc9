// The disk of the database server is full while a database changes places, is copied, or is made
// from the store. Runs in a mount namespace of its own, in which the server is started as well.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <nlohmann/json.hpp>

#include "faults/injection.hpp"
#include "faults/small_disk.hpp"
#include "faults/tally.hpp"
#include "support/file_damage.hpp"
#include "support/sandbox.hpp"
#include "support/server_side.hpp"

namespace quemsi::test {
namespace {

using testing::AnyOf;

constexpr const char* name = "shop full";
constexpr std::size_t disk_bytes = std::size_t{400} << 20;
constexpr std::size_t mib = std::size_t{1} << 20;

class FullServerDisk : public testing::TestWithParam<ServerKind> {
 protected:
  FullServerDisk() {
    side_->create(name);
    sql("CREATE TABLE t(id INTEGER PRIMARY KEY, x VARCHAR(2000));");
    add_rows(0, 2000);
    write_file(user_.top() / ".quemsi.yml",
               "version: 1\nwarm: 0\ndatabases:\n  app: \"" + side_->url(name) + "\"\n");
    user_.quemsi({"init", "--yes"});
    user_.commit("Let the database follow");
    user_.quemsi({"snapshot", "first"});
    first_ = rows();
    user_.git({"switch", "-q", "-c", "feature"});
    add_rows(10000, 10);
    feature_ = rows();
    user_.settle();
    user_.git({"switch", "-q", "main"});
    add_rows(20000, 10);
    main_ = rows();
    user_.settle();
  }
  ~FullServerDisk() override { user_.wait_for_processes(std::chrono::seconds(60)); }

  void sql(const std::string& text) const { side_->sql(side_->url(name), text); }
  void add_rows(int first, int count) const {
    std::string text = "INSERT INTO t VALUES ";
    for (int id = first; id < first + count; ++id) {
      text += (id == first ? "(" : ", (") + std::to_string(id) + ", '" +
              std::string(1500, static_cast<char>('a' + id % 26)) + "')";
    }
    sql(text + ";");
  }
  [[nodiscard]] std::string rows_at(const std::string& url) const {
    return side_->sql(url, "SELECT id, md5(x) FROM t ORDER BY id;");
  }
  [[nodiscard]] std::string rows() const { return rows_at(side_->url(name)); }

  /// False when the command needed no more than was left.
  bool strike(const Words& command, std::size_t left) {
    disk_.fill_up_to(left);
    const CommandResult result = user_.run(command);
    user_.wait_for_processes(std::chrono::seconds(100));
    disk_.make_room();
    if (!side_->answers()) {
      side_->crash();
      side_->start();
    }
    const bool complains = std::ranges::any_of(
        std::array{"No space left on device", "is full", "not enough room", "is not full"},
        [&](const char* text) { return result.err.find(text) != std::string::npos; });
    EXPECT_TRUE(complains || result.exit_code == 0) << left << " bytes left: " << result;
    when_ = std::to_string(left) + " bytes left: " + result.err;
    return complains;
  }

  /// Both branches hold what they held, HEAD is on main, and no copy is half made.
  void expect_nothing_lost() {
    EXPECT_EQ(user_.try_quemsi({"status"}).exit_code, 0);
    user_.settle();
    user_.git({"checkout", "-q"});
    user_.git({"switch", "-q", "feature"});
    EXPECT_EQ(rows(), feature_);
    user_.git({"switch", "-q", "main"});
    EXPECT_EQ(rows(), main_);
    user_.settle();
    const nlohmann::json report = user_.json({"fsck"});
    EXPECT_TRUE(report.at("findings").empty()) << report.dump(2);
    EXPECT_EQ(side_->parked(), known_copies());
  }
  [[nodiscard]] int known_copies() const {
    int copies = 0;
    const nlohmann::json list = user_.json({"list"});
    for (const nlohmann::json& snapshot : list.at("snapshots")) {
      for (const nlohmann::json& image : snapshot.at("databases")) {
        copies += image.at("parked").get<bool>() ? 1 : 0;
      }
    }
    return copies;
  }

  static std::vector<std::size_t> rooms() {
    std::vector<std::size_t> all{0, 3 * mib, 100 * mib};
    for (std::size_t left = mib / 2; strikes_all() && left < 15 * mib; left += mib / 2) {
      all.push_back(left);
    }
    return all;
  }

  void strike_all(const std::string& what, const Words& command,
                  const std::function<void(bool)>& check) {
    int full = 0;
    int cases = 0;
    for (const std::size_t left : rooms()) {
      const bool refused = strike(command, left);
      SCOPED_TRACE(when_);
      check(refused);
      expect_nothing_lost();
      full += refused ? 1 : 0;
      ++cases;
      if (HasFailure()) break;
    }
    tally(what + " on " + GetParam().name, "server's disk full", cases, HasFailure() ? 1 : 0);
    EXPECT_GT(cases - full, 0) << "never enough room";
    if (what != "switch") {
      EXPECT_GT(full, 0) << "always enough room";
    }
  }

  SmallDisk disk_{disk_bytes};
  std::unique_ptr<ServerSide> side_ = GetParam().side_in(disk_.path());
  Sandbox user_{{.bin_dir = QUEMSI_BIN_DIR}};
  std::string when_;
  std::string first_;
  std::string feature_;
  std::string main_;
};

TEST_P(FullServerDisk, ASwitchLosesNothing) {
  strike_all("switch", {"git", "switch", "-q", "feature"},
             [this](bool /*refused*/) { EXPECT_THAT(rows(), AnyOf(main_, feature_)); });
}

TEST_P(FullServerDisk, ARestoreFromTheStoreLosesNothing) {
  strike_all("restore", {"git", "quemsi", "restore", "first", "--yes"}, [this](bool refused) {
    EXPECT_EQ(rows(), refused ? main_ : first_);
    if (!refused) user_.quemsi({"undo", "--yes"});
    EXPECT_EQ(rows(), main_);
  });
}

TEST_P(FullServerDisk, ACopyBesideLeavesNothingHalfMade) {
  strike_all("restore --temp", {"git", "quemsi", "restore", "feature", "--temp"},
             [this](bool refused) {
               EXPECT_EQ(rows(), main_);
               const nlohmann::json all = user_.json({"temp", "list"}).at("temporaries");
               EXPECT_EQ(all.size(), refused ? 0U : 1U);
               for (const auto& item : all) {
                 EXPECT_EQ(rows_at(item.at("url")), feature_);
                 user_.quemsi({"temp", "drop", item.at("id")});
               }
             });
}

INSTANTIATE_TEST_SUITE_P(On, FullServerDisk, testing::Values(postgresql_kind(), mariadb_kind()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace quemsi::test

// Live goes out, where another state comes in, and comes back.
#pragma once

#include <thread>

#include "engine/mysql_world.hpp"

namespace quemsi::mysql_engine::test {

class MysqlObjects : public MysqlWorld {
 protected:
  explicit MysqlObjects(MariadbServer& server = shared_mariadb()) : MysqlWorld(server) {
    run("CREATE TABLE t(id INT PRIMARY KEY, label TEXT); INSERT INTO t VALUES (1, 'parked');");
    parked_ = park();
    run("UPDATE t SET label = 'live'");
  }
  /// Every byte arrives, which the client program does not grant.
  void run_as_is(const std::string& sql) const {
    EXPECT_EQ(MysqlApplication(url(live_)).run(sql), "") << sql;
  }
  [[nodiscard]] MysqlDatabase open_as(const std::string& user) const {
    return {spec(user), context_};
  }
  /// Live's content goes out and comes back.
  void there_and_back(const std::string& user = "app") {
    const ParkedName out = new_name();
    MysqlDatabase database = open_as(user);
    database.swap(database.plan_swap(parked_, out));
    parked_ = new_name();
    database.swap(database.plan_swap(out, parked_));
  }
  /// The section of an image that holds all definitions.
  [[nodiscard]] static std::string schema_of(MemoryImage& image) {
    std::string text;
    for (const auto& part : image.parts()) {
      if (part->info.header.name != "schema") continue;
      for (const auto& chunk : part->chunks) {
        text.append(reinterpret_cast<const char*>(chunk.data()), chunk.size());
      }
    }
    return text;
  }
  [[nodiscard]] std::string schema_of(const ParkedName& name,
                                      const std::string& user = "app") const {
    MemoryImage image;
    open_as(user).open_parked(name)->write(image, no_progress());
    return schema_of(image);
  }
  void wait_for_waiting(const std::string& count) const {
    while (server_.admin("SELECT COUNT(*) FROM information_schema.processlist WHERE state LIKE "
                         "'Waiting for table metadata lock'") != count + "\n") {
    }
  }
  /// The exchange waits for an application meanwhile.
  template <typename Work>
  void while_waited_for(const std::function<void()>& exchange, Work meanwhile) {
    context_.busy_timeout = std::chrono::seconds(10);
    context_.connections = ConnectionPolicy::wait;
    MysqlApplication app(url(live_));
    app.run("START TRANSACTION; SELECT * FROM t");
    std::jthread exchanging(exchange);
    wait_for_waiting("1");
    meanwhile();
    EXPECT_EQ(app.run("COMMIT"), "");
    exchanging.join();
  }

  ParkedName parked_ = new_name();
};

}  // namespace quemsi::mysql_engine::test

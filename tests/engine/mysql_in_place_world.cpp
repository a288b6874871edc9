#include "engine/mysql_in_place_world.hpp"

#include "util/text.hpp"

namespace quemsi::mysql_engine::test {

InPlaceWorld::InPlaceWorld() { server_.grant_plain(live_); }

InPlaceWorld::~InPlaceWorld() {
  may_make_schemas(true);  // there is something to revoke then
  may_make_schemas(false);
}

void InPlaceWorld::may_make_schemas(bool may) const {
  const std::string on = "ALL ON `quemsi\\_%`.* ";
  server_.admin((may ? "GRANT " + on + "TO" : "REVOKE " + on + "FROM") + " plain@localhost");
}

std::unique_ptr<Database> InPlaceWorld::serve() const {
  return MysqlEngine().open(plain_spec(), context_);
}

ParkedName InPlaceWorld::park_file() const {
  const ParkedName name = new_name();
  serve()->copy_live(name, Content::all, CopyLimit::none, no_progress());
  return name;
}

std::optional<Token> InPlaceWorld::exchange(const ParkedName& incoming,
                                            const ParkedName& outgoing) const {
  const auto database = serve();
  return database->swap(database->plan_swap(incoming, outgoing));
}

std::vector<std::string> InPlaceWorld::copies() const {
  std::vector<std::string> names;
  for (const ParkedInfo& info : serve()->list_parked()) names.push_back(info.name.str());
  return names;
}

ParkedName InPlaceWorld::build(const ParkedName& name) const {
  MemoryImage image;
  serve()->open_parked(name)->write(image, no_progress());
  const ParkedName copy = new_name();
  MysqlDatabase({.name = "reader", .engine = "mysql", .url = server_.url("reader", "root")},
                {.top = elsewhere_.path(), .state_dir = elsewhere_.path()})
      .materialise(image, copy, no_progress());
  // What a view's definer may not see, the server tells of in other words.
  server_.grant_plain(copy.str());
  return copy;
}

std::string InPlaceWorld::dump_of(const ParkedName& name) const {
  const ParkedName built = build(name);
  std::string text = dump(built);
  const auto replace = [&](const std::string& word, const std::string& by) {
    for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += by.size()) {
      text.replace(at, word.size(), by);
    }
  };
  // Events of a copy sleep.
  for (const char* word : {"DISABLE ON SLAVE", "DISABLE ON REPLICA"}) replace(word, "ENABLE");
  // A default names its sequence's schema.
  replace(built.str(), live_);
  return text;
}

std::string InPlaceWorld::sql_on(const ParkedName& name, const std::string& text) const {
  return server_.admin(text, build(name).str());
}

void InPlaceWorld::expect_nothing_left(const std::string& when) const {
  EXPECT_EQ(server_.admin("SELECT table_name FROM information_schema.tables WHERE table_schema = " +
                          quemsi::test::mariadb_text(live_) + " AND table_name LIKE 'quemsi\\_%'"),
            "")
      << when;
  for (const auto& file :
       std::filesystem::recursive_directory_iterator(context_.state_dir / "parked")) {
    const std::string name = file.path().filename().string();
    EXPECT_FALSE(name.ends_with(".stage")) << when << name;
  }
}

}  // namespace quemsi::mysql_engine::test

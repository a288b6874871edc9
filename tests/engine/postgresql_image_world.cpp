#include "engine/postgresql_image_world.hpp"

#include "util/text.hpp"

namespace quemsi::postgresql_engine::test {

ImageWorld::ImageWorld(PostgresServer& server)
    : server_(server),
      spec_{.name = "app", .engine = "postgresql", .url = server.url("app")},
      context_{.top = dir_.path(),
               .state_dir = dir_.path(),
               .busy_timeout = std::chrono::milliseconds(2000),
               .notice = [this](const std::string& line) { notices_.push_back(line); }} {
  server_.create("app");
}

ImageWorld::~ImageWorld() {
  server_.drop_parked();
  server_.drop("app");
}

std::string ImageWorld::run(const std::string& sql) const {
  return PostgresServer::psql(spec_.url, sql);
}

std::string ImageWorld::admin(const std::string& sql) const { return server_.admin(sql, "app"); }

void ImageWorld::make_tablespace(const std::string& name) const {
  const std::string folder = std::string(trim(server_.admin("SHOW data_directory"))) + "/" + name;
  server_.admin("COPY (SELECT 1) TO PROGRAM " +
                quemsi::test::sql_text("cat >/dev/null; mkdir -p \"" + folder + "\""));
  server_.admin("CREATE TABLESPACE " + quemsi::test::sql_name(name) + " LOCATION " +
                quemsi::test::sql_text(folder));
  server_.admin("GRANT CREATE ON TABLESPACE " + quemsi::test::sql_name(name) + " TO PUBLIC");
}

std::string ImageWorld::url_of(const ParkedName& name) const { return server_.url(name.str()); }

std::string ImageWorld::run_in(const ParkedName& name, const std::string& sql) const {
  return PostgresServer::psql(url_of(name), sql);
}

std::unique_ptr<MemoryImage> ImageWorld::seal(Content content) const {
  auto image = std::make_unique<MemoryImage>();
  open().pin(content)->write(*image, no_progress());
  EXPECT_TRUE(image->finished());
  return image;
}

ParkedName ImageWorld::materialise(const ImageSource& image) const {
  const ParkedName name = new_name();
  open().materialise(image, name, no_progress());
  return name;
}

ParkedName ImageWorld::expect_round_trip() const {
  const ParkedName name = materialise(*seal());
  EXPECT_EQ(PostgresServer::dump(url_of(name)), PostgresServer::dump(spec_.url));
  return name;
}

std::vector<std::string> ImageWorld::parked_databases() const {
  std::vector<std::string> names =
      split(server_.admin("SELECT datname FROM pg_database WHERE datname LIKE 'quemsi\\_%'"), '\n');
  std::erase(names, "");
  return names;
}

std::vector<std::vector<std::byte>> chunks_of(MemoryImage& image, const std::string& table) {
  std::vector<std::vector<std::byte>> chunks;
  const std::string section = "rows/" + table;
  for (const auto& part : image.parts()) {
    const std::string& name = part->info.header.name;
    if (name != section && !name.starts_with(section + "/")) continue;
    chunks.insert(chunks.end(), part->chunks.begin(), part->chunks.end());
  }
  return chunks;
}

std::string text_of(MemoryImage& image, const std::string& section) {
  std::string text;
  for (const auto& part : image.parts()) {
    if (part->info.header.name != section) continue;
    for (const auto& chunk : part->chunks) {
      text.append(reinterpret_cast<const char*>(chunk.data()), chunk.size());
    }
  }
  return text;
}

}  // namespace quemsi::postgresql_engine::test

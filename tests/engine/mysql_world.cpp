#include "engine/mysql_world.hpp"

#include "util/text.hpp"

namespace quemsi::mysql_engine::test {

MysqlWorld::MysqlWorld(MariadbServer& server) : server_(server) {
  std::filesystem::create_directory(context_.state_dir);
  server_.create(live_);
}

MysqlWorld::~MysqlWorld() {
  server_.drop_parked();
  server_.drop(live_);
}

DatabaseSpec MysqlWorld::spec(const std::string& user) const {
  return {.name = "app", .engine = "mysql", .url = server_.url(live_, user)};
}

/// Without what only young servers know.
std::string MysqlWorld::numbers_to(int last) {
  const std::string number = std::to_string(last);
  if (!mysql()) return "seq_1_to_" + number;
  std::string digits = "SELECT 0 AS d";
  for (int digit = 1; digit < 10; ++digit) digits += " UNION ALL SELECT " + std::to_string(digit);
  std::string sum = "1";
  std::string tables;
  for (std::size_t i = 0; i < number.size(); ++i) {
    const std::string name = "t" + std::to_string(i);
    sum += " + " + name + ".d * 1" + std::string(i, '0');
    tables += (i == 0 ? "(" : ", (") + digits + ") " + name;
  }
  return "(SELECT " + sum + " AS seq FROM " + tables + " HAVING seq <= " + number +
         " ORDER BY seq) AS numbers";
}

ParkedName MysqlWorld::park() const {
  const ParkedName name = new_name();
  open().copy_live(name, Content::all, CopyLimit::none, no_progress());
  return name;
}

std::unique_ptr<MemoryImage> MysqlWorld::seal(Content content) const {
  auto image = std::make_unique<MemoryImage>();
  open().pin(content)->write(*image, no_progress());
  return image;
}

ParkedName MysqlWorld::materialise(const ImageSource& image) const {
  const ParkedName name = new_name();
  open().materialise(image, name, no_progress());
  return name;
}

std::optional<Token> MysqlWorld::swap(const ParkedName& incoming,
                                      const ParkedName& outgoing) const {
  MysqlDatabase database = open();
  return database.swap(database.plan_swap(incoming, outgoing));
}

std::vector<std::string> MysqlWorld::listed() const {
  std::vector<std::string> names;
  for (const ParkedInfo& info : open().list_parked()) names.push_back(info.name.str());
  return names;
}

std::vector<std::string> MysqlWorld::parked_schemas() const {
  auto names = split(server_.admin("SELECT schema_name FROM information_schema.schemata WHERE "
                                   "schema_name LIKE 'quemsi\\_%'"),
                     '\n');
  std::erase(names, "");
  return names;
}

void expect_same(const std::string& found, const std::string& expected, const std::string& when) {
  if (found == expected) return;
  const auto a = split(found, '\n');
  const auto b = split(expected, '\n');
  std::size_t i = 0;
  while (i < a.size() && i < b.size() && a[i] == b[i]) ++i;
  const auto line = [i](const std::vector<std::string>& lines) {
    return i < lines.size() ? lines[i].substr(0, 2000) : std::string("(the end)");
  };
  ADD_FAILURE() << when << "\nfound:    " << line(a) << "\nexpected: " << line(b);
}

std::string all_of(const Error& error) {
  std::string text = std::string(error.what()) + "\n";
  for (const std::string& cause : error.causes()) text += cause + "\n";
  for (const std::string& hint : error.hints()) text += hint + "\n";
  return text;
}

}  // namespace quemsi::mysql_engine::test

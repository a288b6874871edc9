#include "engine/sqlite/database.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "engine/sqlite/examine.hpp"
#include "engine/sqlite/file_copy.hpp"
#include "engine/sqlite/image_reader.hpp"
#include "engine/sqlite/opening.hpp"
#include "engine/sqlite/pages.hpp"
#include "engine/sqlite/publish.hpp"
#include "engine/sqlite/reader.hpp"
#include "engine/sqlite/removal.hpp"
#include "engine/sqlite/schema_copy.hpp"
#include "engine/sqlite/schema_hash.hpp"
#include "engine/sqlite/swap.hpp"
#include "engine/sqlite/token.hpp"
#include "engine/sqlite/url.hpp"
#include "engine/sqlite/views.hpp"
#include "util/disk.hpp"

namespace quemsi::sqlite_engine {

SqliteDatabase::SqliteDatabase(DatabaseSpec spec, EngineContext context)
    : spec_(std::move(spec)),
      context_(std::move(context)),
      path_(path_of_url(spec_.url, context_.top)) {}

std::filesystem::path SqliteDatabase::live() const { return physical_path(path_); }

ParkedFolder SqliteDatabase::parked() const { return {context_.state_dir, spec_.name, live()}; }

std::filesystem::path SqliteDatabase::closed(const ParkedName& name) const {
  std::filesystem::path file = parked().get(name);
  fold_sidecars(file, context_.busy_timeout);
  return file;
}

std::string SqliteDatabase::location() const { return "sqlite:" + live().string(); }

Probe SqliteDatabase::probe() {
  Probe probe;
  probe.version = std::string("SQLite ") + sqlite3_libversion();
  const std::filesystem::path file = live();
  if (!identity_of(file)) return probe;
  probe.exists = true;
  sqlite::Connection connection = open_database(file, context_.busy_timeout);
  probe.bytes = static_cast<std::uint64_t>(connection.query_int("PRAGMA page_count") *
                                           connection.query_int("PRAGMA page_size"));
  return probe;
}

std::vector<Finding> SqliteDatabase::examine() { return sqlite_engine::examine(live()); }

std::optional<std::uint64_t> SqliteDatabase::free_bytes() {
  // Copies of blocks that are shared take no room.
  if (may_reflink(live().parent_path())) return std::nullopt;
  return free_space(live().parent_path());
}

bool SqliteDatabase::unchanged_since(const Token& token) {
  return proves(token, live(), context_.busy_timeout);
}

std::optional<std::string> SqliteDatabase::schema_fingerprint() {
  const std::filesystem::path file = live();
  if (!identity_of(file)) return std::nullopt;
  sqlite::Connection connection = open_database(file, context_.busy_timeout);
  return schema_hash(connection);
}

std::optional<Captured> SqliteDatabase::copy_live(const ParkedName& to, Content content,
                                                  CopyLimit limit, Progress& progress) {
  const ParkedFolder folder = parked();
  const Workspace workspace = folder.workspace();
  const std::filesystem::path copy = workspace.file("copy");
  Reader reader(live(), context_.busy_timeout);
  Captured captured;
  if (content == Content::schema) {
    copy_schema(reader.connection(), copy);
    captured.bytes = read_layout(open_file(copy, O_RDONLY), copy).bytes();
  } else {
    if (!reader.copy_to(copy, limit, progress)) return std::nullopt;
    captured = {reader.bytes(), reader.token()};
  }
  copy_attributes(live(), copy);
  folder.adopt(copy, to);
  return captured;
}

std::unique_ptr<View> SqliteDatabase::pin(Content content) {
  return std::make_unique<LiveView>(live(), parked(), content, context_.busy_timeout);
}

std::unique_ptr<View> SqliteDatabase::open_parked(const ParkedName& name) {
  return std::make_unique<ParkedView>(closed(name));
}

std::vector<ParkedInfo> SqliteDatabase::list_parked() { return parked().list(); }

void SqliteDatabase::clone_parked(const ParkedName& from, const ParkedName& to,
                                  Progress& progress) {
  const std::filesystem::path source = closed(from);
  const ParkedFolder folder = parked();
  const Workspace workspace = folder.workspace();
  const std::filesystem::path copy = workspace.file("copy");
  progress.begin("copying " + from.str(), std::filesystem::file_size(source));
  copy_file(source, copy, progress);
  copy_attributes(source, copy);
  folder.adopt(copy, to);
  progress.end();
}

void SqliteDatabase::empty_parked(const ParkedName& name) {
  const std::filesystem::path file = closed(name);
  const Workspace workspace(file.parent_path());
  const std::filesystem::path emptied = workspace.file("emptied");
  {
    Reader reader(file, context_.busy_timeout);
    copy_schema(reader.connection(), emptied);
  }
  copy_attributes(file, emptied);
  rename_durably(emptied, file);
}

void SqliteDatabase::materialise(const ImageSource& image, const ParkedName& to,
                                 Progress& progress) {
  const ParkedFolder folder = parked();
  static_cast<void>(folder.place(to));
  const Workspace workspace = folder.workspace();
  const std::filesystem::path made = workspace.file("made");
  read_image(image, made, progress);
  copy_attributes(live(), made);
  folder.adopt(made, to);
}

void SqliteDatabase::drop_parked(const ParkedName& name) { parked().drop(name); }

std::string SqliteDatabase::parked_url(const ParkedName& name) const {
  return "sqlite:" + parked().get(name).string();
}

void SqliteDatabase::publish(const ParkedName& name, const DatabaseSpec& target, bool replace) {
  const std::filesystem::path to = physical_path(path_of_url(target.url, context_.top));
  if (to == live()) {
    throw Error(ErrorKind::user, to.string() + " is the database itself")
        .hint("to make a snapshot live, use: git quemsi restore SNAPSHOT");
  }
  const std::filesystem::path file = closed(name);
  if (replace && identity_of(to)) {
    replace_database(file, to, context_.busy_timeout, no_progress());
  } else {
    move_database(file, to, no_progress());
  }
}

std::string SqliteDatabase::plan_swap(const ParkedName& incoming, const ParkedName& outgoing) {
  return encode(
      sqlite_engine::plan_swap(live(), parked(), incoming, outgoing, context_.busy_timeout));
}

std::optional<Token> SqliteDatabase::swap(const std::string& plan,
                                          const std::optional<Token>& expected) {
  return sqlite_engine::swap(decode_plan(plan), expected, context_.busy_timeout);
}

Settled SqliteDatabase::settle(const std::string& plan) {
  return sqlite_engine::settle(decode_plan(plan), context_.busy_timeout);
}

void SqliteDatabase::drop_live(const Token& token, const ParkedName& by_way_of) {
  sqlite_engine::drop_live(live(), parked(), token, by_way_of, context_.busy_timeout);
}

}  // namespace quemsi::sqlite_engine

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "engine/common/parked_registry.hpp"
#include "engine/common/row_hash.hpp"
#include "quemsi/error.hpp"
#include "util/atomic_file.hpp"

namespace quemsi {
namespace {

constexpr std::string_view name_prefix = "quemsi_";

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Readable, and different for different names: the hash tells apart what is left alike.
std::string folder_name(const std::string& database) {
  constexpr std::size_t longest = 40;
  std::string text = database.substr(0, longest);
  std::ranges::replace_if(
      text, [](char c) { return !is_plain(c); }, '_');
  return fmt::format("{}-{:016x}", text, row_hash(database));
}

std::filesystem::path file_of(const std::filesystem::path& folder, const ParkedName& name) {
  return folder / parked_file_name(name);
}

std::string whole(const std::string& identity) { return identity + "\n"; }
std::string draft(const std::string& identity) { return identity + "\ndraft\n"; }

std::filesystem::path note_of(const std::filesystem::path& folder, const std::string& key) {
  return folder / (key + ".note");
}

void write_whole(const std::filesystem::path& file, const std::string& text) {
  make_parked_folder(file.parent_path());
  AtomicFile draft(file);
  draft.write(text);
  draft.commit();
}

}  // namespace

bool is_parked_name(std::string_view name) {
  return name.starts_with(name_prefix) && name.size() > name_prefix.size() &&
         std::ranges::all_of(name, is_plain);
}

const std::string& parked_file_name(const ParkedName& name) {
  if (is_parked_name(name.str())) return name.str();
  throw Error(ErrorKind::internal, "'" + name.str() + "' is not a parked copy's name");
}

void make_parked_folder(const std::filesystem::path& folder) {
  std::error_code error;
  if (!std::filesystem::create_directories(folder, error)) {
    if (error) throw_errno(error.value(), "make", folder);
    return;
  }
  sync_folder(folder.parent_path().parent_path());
  sync_folder(folder.parent_path());
}

ParkedRegistry::ParkedRegistry(const std::filesystem::path& state_dir, const std::string& database)
    : folder_(state_dir / "parked" / folder_name(database)) {}

void ParkedRegistry::mark(const ParkedName& name, const std::string& identity) const {
  write_whole(file_of(folder_, name), whole(identity));
}

void ParkedRegistry::mark_draft(const ParkedName& name, const std::string& identity) const {
  write_whole(file_of(folder_, name), draft(identity));
}

void ParkedRegistry::unmark(const ParkedName& name) const {
  remove_file(note_of(folder_, name.str()));
  remove_file(file_of(folder_, name));
}

bool ParkedRegistry::is_marked(const ParkedName& name, const std::string& identity) const {
  return read_text_file_if_exists(file_of(folder_, name)) == whole(identity);
}

bool ParkedRegistry::is_draft(const ParkedName& name, const std::string& identity) const {
  return read_text_file_if_exists(file_of(folder_, name)) == draft(identity);
}

bool ParkedRegistry::has(const ParkedName& name) const {
  return stat_if_exists(file_of(folder_, name)).has_value();
}

void ParkedRegistry::write_note(const std::string& key, const std::string& text) const {
  const std::filesystem::path file = note_of(folder_, key);
  if (text.empty()) {
    remove_file(file);
  } else {
    write_whole(file, text);
  }
}

std::string ParkedRegistry::note(const std::string& key) const {
  return read_text_file_if_exists(note_of(folder_, key)).value_or("");
}

std::vector<ParkedName> ParkedRegistry::marked(const std::string& identity) const {
  std::vector<ParkedName> names;
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder_, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (is_parked_name(name) && is_marked(ParkedName(name), identity)) names.emplace_back(name);
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace quemsi

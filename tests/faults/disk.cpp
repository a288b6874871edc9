#include "faults/disk.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "support/file_damage.hpp"

namespace quemsi::test {
namespace {

namespace fs = std::filesystem;

std::string parent_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

bool is_below(const std::string& path, const std::string& folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

std::uint64_t inode_of(const fs::path& path) {
  struct stat info {};
  if (lstat(path.c_str(), &info) != 0) throw std::runtime_error("no " + path.string());
  return info.st_ino;
}

/// What cannot be read back after a power cut anyway: memory that processes share, and locks.
bool is_fleeting(const std::string& path) {
  return path.ends_with("-shm") || path.ends_with(".lock");
}

}  // namespace

std::vector<Record> read_records(const fs::path& log) {
  const std::string bytes = read_file(log);
  std::vector<Record> records;
  for (std::size_t at = 0; at < bytes.size();) {
    record head{};
    if (bytes.size() - at < sizeof head) throw std::runtime_error("the log is cut");
    std::memcpy(&head, bytes.data() + at, sizeof head);
    at += sizeof head;
    if (bytes.size() - at < head.path_length + head.more_length) {
      throw std::runtime_error("the log is cut");
    }
    records.push_back({.kind = static_cast<record_kind>(head.kind),
                       .inode = head.inode,
                       .offset = head.offset,
                       .path = bytes.substr(at, head.path_length),
                       .more = bytes.substr(at + head.path_length, head.more_length)});
    at += head.path_length + head.more_length;
  }
  return records;
}

const char* to_string(Cut cut) {
  switch (cut) {
    case Cut::all_lost:
      return "all that was not synced is lost";
    case Cut::data_lost:
      return "bytes that were not synced are lost";
    case Cut::some_lost:
      return "some of what was not synced is lost";
  }
  return "";
}

Disk::Disk(const fs::path& root, const fs::path& pins) : root_(root.string()) {
  fs::create_directories(pins);
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    auto file = std::make_shared<File>();
    file->is_folder = entry.is_directory();
    const std::uint64_t inode = inode_of(entry.path());
    if (entry.is_regular_file()) {
      file->synced = read_file(entry.path());
      file->pin = pins / std::to_string(inode);
      if (!fs::exists(file->pin)) fs::create_hard_link(entry.path(), file->pin);
    }
    now_[entry.path().string()] = file;
    by_inode_[inode] = file;
  }
  synced_ = now_;
}

void Disk::write(std::string& content, const Write& write) {
  if (write.sets_size) {
    content.resize(write.offset);
    return;
  }
  if (content.size() < write.offset + write.bytes.size()) {
    content.resize(write.offset + write.bytes.size());
  }
  content.replace(write.offset, write.bytes.size(), write.bytes);
}

/// Of a folder, all that is in it goes along.
void Disk::change(Names& names, const NameChange& change) {
  if (!change.from.empty()) {
    Names moved;
    std::erase_if(names, [&](const auto& entry) {
      const bool below = is_below(entry.first, change.from);
      if (below) moved[change.name + entry.first.substr(change.from.size())] = entry.second;
      return below || entry.first == change.from;
    });
    names.merge(moved);
  }
  if (change.file) {
    names[change.name] = change.file;
  } else {
    names.erase(change.name);
  }
}

void Disk::change_names(NameChange made) {
  change(now_, made);
  since_.push_back(std::move(made));
}

/// In the order in which they were made, as far as they are of that folder.
void Disk::sync_names(const std::string& folder) {
  std::vector<NameChange> left;
  for (NameChange& made : since_) {
    if (parent_of(made.name) != folder) {
      left.push_back(std::move(made));
      continue;
    }
    change(synced_, made);
    // A file that has moved does not come to be where it was.
    std::erase_if(left, [&](const NameChange& before) { return before.name == made.from; });
  }
  since_ = std::move(left);
}

Disk::FilePtr Disk::file_of(const Record& record) {
  const auto found = by_inode_.find(record.inode);
  if (found == by_inode_.end()) throw std::runtime_error("an unknown file: " + record.path);
  return found->second;
}

void Disk::apply(const Record& record) {
  switch (record.kind) {
    case RECORD_CREATE:
    case RECORD_FOLDER: {
      auto file = std::make_shared<File>();
      file->is_folder = record.kind == RECORD_FOLDER;
      by_inode_[record.inode] = file;
      return change_names({.from = {}, .name = record.path, .file = file});
    }
    case RECORD_WRITE:
      return file_of(record)->since.push_back({record.offset, record.more, false});
    case RECORD_SIZE:
      return file_of(record)->since.push_back({record.offset, {}, true});
    case RECORD_RENAME:
      return change_names({record.path, record.more, now_.at(record.path)});
    case RECORD_LINK:
      return change_names({.from = {}, .name = record.more, .file = now_.at(record.path)});
    case RECORD_REMOVE:
      return change_names({.from = {}, .name = record.path, .file = nullptr});
    case RECORD_SYNC: {
      const FilePtr file = file_of(record);
      for (const Write& each : file->since) write(file->synced, each);
      return file->since.clear();
    }
    case RECORD_SYNC_NAMES:
      return sync_names(record.path);
  }
  throw std::runtime_error("an unknown kind of record");
}

Tree Disk::now() const {
  Tree tree;
  for (const auto& [name, file] : now_) {
    if (file->is_folder) {
      tree.folders.insert(name);
      continue;
    }
    std::string content = file->synced;
    for (const Write& each : file->since) write(content, each);
    tree.files[name] = std::make_shared<const Content>(Content{std::move(content), file->pin});
  }
  return tree;
}

Tree Disk::after(Cut cut, std::mt19937& chance) const {
  Names names = cut == Cut::data_lost ? now_ : synced_;
  if (cut == Cut::some_lost) {
    const std::size_t kept = std::uniform_int_distribution<std::size_t>(0, since_.size())(chance);
    for (std::size_t i = 0; i < kept; ++i) change(names, since_[i]);
  }
  std::map<File*, std::shared_ptr<const Content>> contents;
  Tree tree;
  for (const auto& [name, file] : names) {
    const std::string parent = parent_of(name);
    // A folder whose own name is lost takes along what is in it.
    if (parent != root_ && !tree.folders.contains(parent)) continue;
    if (file->is_folder) {
      tree.folders.insert(name);
      continue;
    }
    auto& content = contents[file.get()];
    if (!content) {
      std::string bytes = file->synced;
      for (const Write& each : file->since) {
        if (cut == Cut::some_lost && chance() % 2 == 0) write(bytes, each);
      }
      content = std::make_shared<const Content>(Content{std::move(bytes), file->pin});
    }
    tree.files[name] = content;
  }
  return tree;
}

void put_on_disk(const Tree& tree, const fs::path& root) {
  for (const auto& entry : fs::directory_iterator(root)) fs::remove_all(entry.path());
  for (const std::string& folder : tree.folders) fs::create_directories(folder);
  for (const auto& [name, content] : tree.files) {
    if (is_fleeting(name)) continue;
    const fs::path file = content->pin.empty() ? fs::path(name) : content->pin;
    write_file(file, content->bytes);
    if (!content->pin.empty()) fs::create_hard_link(content->pin, name);
  }
}

}  // namespace quemsi::test

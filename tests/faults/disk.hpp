// A disk that remembers what was synced: it can be asked what it holds after a power cut.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "faults/recorder.h"

namespace quemsi::test {

struct Record {
  record_kind kind;
  std::uint64_t inode;
  std::uint64_t offset;
  std::string path;
  std::string more;  ///< data, or the other path
};

/// Throws std::runtime_error when the log ends inside a record.
std::vector<Record> read_records(const std::filesystem::path& log);

/// How the power is cut.
enum class Cut {
  all_lost,   ///< what was not synced is not there
  data_lost,  ///< names are as they were, bytes that were not synced are not there
  some_lost,  ///< of bytes any are there; of names those of the first so many changes
};
const char* to_string(Cut cut);

/// A file's content, and another name for the file itself if it was there from the beginning: what
/// a program has noted of a file's identity holds after a power cut.
struct Content {
  std::string bytes;
  std::filesystem::path pin;
};

/// Names to contents, shared by the names of one file; folders have none.
struct Tree {
  std::map<std::string, std::shared_ptr<const Content>> files;
  std::set<std::string> folders;
};

class Disk {
 public:
  /// All that is below `root` now, and it is synced. Its files get other names below `pins`.
  Disk(const std::filesystem::path& root, const std::filesystem::path& pins);

  void apply(const Record& record);
  [[nodiscard]] Tree now() const;
  [[nodiscard]] Tree after(Cut cut, std::mt19937& chance) const;

 private:
  struct Write {
    std::uint64_t offset;
    std::string bytes;
    bool sets_size;  ///< instead of writing
  };
  struct File {
    bool is_folder = false;
    std::string synced;
    std::vector<Write> since;
    std::filesystem::path pin;
  };
  using FilePtr = std::shared_ptr<File>;
  using Names = std::map<std::string, FilePtr>;
  /// A change of names; without `file` the name goes.
  struct NameChange {
    std::string from;  ///< of a rename: goes as well
    std::string name;
    FilePtr file;
  };

  static void write(std::string& content, const Write& write);
  static void change(Names& names, const NameChange& change);
  void change_names(NameChange change);
  void sync_names(const std::string& folder);
  [[nodiscard]] FilePtr file_of(const Record& record);

  std::string root_;
  Names now_;
  Names synced_;
  std::vector<NameChange> since_;
  std::map<std::uint64_t, FilePtr> by_inode_;
};

/// Below `root` is what the tree says, and nothing else.
void put_on_disk(const Tree& tree, const std::filesystem::path& root);

}  // namespace quemsi::test

#include "git/file_refs.hpp"

#include <string_view>

#include "git/backend.hpp"
#include "util/fd.hpp"
#include "util/text.hpp"

namespace quemsi {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view symbolic = "ref: ";
constexpr std::string_view branches = "refs/heads/";
constexpr int most_links = 5;  // git follows as many

/// A branch whose name cannot lead out of refs/heads/ and is not reftable's stub.
bool is_plain_branch_ref(std::string_view ref) {
  return ref.starts_with(branches) && ref.size() > branches.size() && ref.back() != '/' &&
         ref.find("..") == std::string_view::npos && ref.find("/.") == std::string_view::npos &&
         ref.find("//") == std::string_view::npos && ref.find('\n') == std::string_view::npos;
}

std::optional<std::string> read_loose(const fs::path& file) {
  const std::optional<struct stat> info = stat_if_exists(file);
  if (!info || !S_ISREG(info->st_mode)) return std::nullopt;
  return read_text_file_if_exists(file);
}

/// The line `<id> <ref>` of packed-refs.
std::optional<std::string> find_packed(const fs::path& common_dir, const std::string& ref) {
  const std::optional<std::string> text = read_text_file_if_exists(common_dir / "packed-refs");
  if (!text) return std::nullopt;
  const std::size_t at = text->find(" " + ref + "\n");
  if (at == std::string::npos) return std::nullopt;
  const std::size_t before = text->rfind('\n', at);
  const std::size_t start = before == std::string::npos ? 0 : before + 1;
  return text->substr(start, at - start);
}

/// A loose ref hides a packed one of the same name.
std::optional<std::string> read_branch_ref(const fs::path& common_dir, const std::string& ref) {
  if (std::optional<std::string> loose = read_loose(common_dir / ref)) return loose;
  return find_packed(common_dir, ref);
}

}  // namespace

std::optional<Head> FileRefs::head() const {
  const fs::path file = location_.git_dir / "HEAD";
  if (fs::is_symlink(file)) return std::nullopt;
  std::optional<std::string> text = read_loose(file);
  Head head;
  for (int link = 0; text && link < most_links; ++link) {
    const std::string_view content = trim(*text);
    if (!content.starts_with(symbolic)) {
      head.commit = parse_commit_id(content);
      return head.commit ? std::optional(head) : std::nullopt;
    }
    const std::string ref(trim(content.substr(symbolic.size())));
    if (!is_plain_branch_ref(ref)) return std::nullopt;
    head.branch = ref.substr(branches.size());
    text = read_branch_ref(location_.common_dir, ref);
    if (!text) return head;
  }
  return std::nullopt;
}

std::optional<bool> FileRefs::branch_exists(const std::string& branch) const {
  const std::string ref = std::string(branches) + branch;
  if (!is_plain_branch_ref(ref) || !are_files()) return std::nullopt;
  const std::optional<std::string> text = read_branch_ref(location_.common_dir, ref);
  if (!text) return false;
  if (!parse_commit_id(trim(*text))) return std::nullopt;
  return true;
}

std::optional<CommitId> FileRefs::branch_commit(const std::string& branch) const {
  const std::string ref = std::string(branches) + branch;
  if (!is_plain_branch_ref(ref) || !are_files()) return std::nullopt;
  const std::optional<std::string> text = read_branch_ref(location_.common_dir, ref);
  return text ? parse_commit_id(trim(*text)) : std::nullopt;
}

bool FileRefs::are_files() const {
  const std::optional<std::string> text = read_loose(location_.git_dir / "HEAD");
  return text && text->find("refs/heads/.invalid") == std::string::npos;
}

}  // namespace quemsi

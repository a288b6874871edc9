#include "git/git2_notes.hpp"

#include "git/note_lines.hpp"

namespace quemsi::git2 {
namespace {

constexpr std::size_t byte_digits = 2;

const git_tree_entry* entry(const git_tree* tree, const std::string& name, git_object_t type) {
  const git_tree_entry* found =
      tree != nullptr ? git_tree_entry_byname(tree, name.c_str()) : nullptr;
  return found != nullptr && git_tree_entry_type(found) == type ? found : nullptr;
}

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

void check(int code, const char* doing) {
  if (code >= 0) return;
  const git_error* error = git_error_last();
  throw Error(ErrorKind::io, std::string("cannot ") + doing)
      .cause(error != nullptr ? error->message : "libgit2 says no more");
}

std::optional<git_oid> Notes::head() const {
  git_oid oid;
  const int code = git_reference_name_to_id(&oid, repository_, notes_ref);
  if (code == GIT_ENOTFOUND) return std::nullopt;
  check(code, "read the notes' ref");
  return oid;
}

TreeHandle Notes::tree_of(const std::optional<git_oid>& head) const {
  if (!head) return nullptr;
  CommitHandle commit;
  check(git_commit_lookup(Out(commit), repository_, &*head), "read the notes");
  TreeHandle tree;
  check(git_commit_tree(Out(tree), commit.get()), "read the notes");
  return tree;
}

TreeHandle Notes::subtree(const git_tree* tree, const std::string& name) const {
  const git_tree_entry* found = entry(tree, name, GIT_OBJECT_TREE);
  if (found == nullptr) return nullptr;
  TreeHandle child;
  check(git_tree_lookup(Out(child), repository_, git_tree_entry_id(found)), "read the notes");
  return child;
}

std::string Notes::text(const git_oid& oid) const {
  BlobHandle blob;
  check(git_blob_lookup(Out(blob), repository_, &oid), "read a note");
  return {static_cast<const char*>(git_blob_rawcontent(blob.get())),
          static_cast<std::size_t>(git_blob_rawsize(blob.get()))};
}

std::string Notes::find(const git_tree* tree, const std::string& rest) const {
  if (tree == nullptr || rest.empty()) return {};
  const git_tree_entry* here = entry(tree, rest, GIT_OBJECT_BLOB);
  std::string found = here != nullptr ? text(*git_tree_entry_id(here)) : "";
  const TreeHandle child = subtree(tree, rest.substr(0, byte_digits));
  if (!child) return found;
  if (!found.empty() && found.back() != '\n') found += '\n';
  return found + find(child.get(), rest.substr(byte_digits));
}

std::string Notes::read(const CommitId& id) const { return find(tree_of(head()).get(), id.str()); }

void Notes::collect(const git_tree* tree, const std::string& prefix, NoteLines& found) const {
  for (std::size_t i = 0; tree != nullptr && i < git_tree_entrycount(tree); ++i) {
    const git_tree_entry* each = git_tree_entry_byindex(tree, i);
    const std::string name = git_tree_entry_name(each);
    if (!is_hex(name)) continue;
    if (git_tree_entry_type(each) == GIT_OBJECT_TREE) {
      collect(subtree(tree, name).get(), prefix + name, found);
    } else if (prefix.size() + name.size() == GIT_OID_HEXSZ) {
      std::vector<std::string>& lines = found[CommitId(prefix + name)];
      for (std::string& line : note_lines(text(*git_tree_entry_id(each)))) {
        lines.push_back(std::move(line));
      }
    }
  }
}

NoteLines Notes::all() const {
  NoteLines found;
  collect(tree_of(head()).get(), "", found);
  return found;
}

git_oid Notes::put(const git_tree* tree, const std::string& rest, const git_oid& blob,
                   bool fans_out) const {
  TreeBuilderHandle builder;
  check(git_treebuilder_new(Out(builder), repository_, tree), "write notes");
  const std::string folder = rest.substr(0, byte_digits);
  const TreeHandle child = subtree(tree, folder);
  if (fans_out || child) {
    if (entry(tree, rest, GIT_OBJECT_BLOB) != nullptr) {
      check(git_treebuilder_remove(builder.get(), rest.c_str()), "write notes");
    }
    const git_oid below = put(child.get(), rest.substr(byte_digits), blob, false);
    check(git_treebuilder_insert(nullptr, builder.get(), folder.c_str(), &below, GIT_FILEMODE_TREE),
          "write notes");
  } else {
    check(git_treebuilder_insert(nullptr, builder.get(), rest.c_str(), &blob, GIT_FILEMODE_BLOB),
          "write notes");
  }
  git_oid written;
  check(git_treebuilder_write(&written, builder.get()), "write notes");
  return written;
}

std::optional<git_oid> Notes::extended(TreeHandle tree, const NoteLines& lines) const {
  std::optional<git_oid> result;
  for (const auto& [id, more] : lines) {
    const std::string before = find(tree.get(), id.str());
    const std::string after = join_notes(before, more);
    if (after == join_notes(before, {})) continue;
    git_oid blob;
    check(git_blob_create_from_buffer(&blob, repository_, after.data(), after.size()),
          "write a note");
    result = put(tree.get(), id.str(), blob, true);
    check(git_tree_lookup(Out(tree), repository_, &*result), "write notes");
  }
  return result;
}

git_oid Notes::commit(const git_oid& tree, const std::optional<git_oid>& parent) const {
  SignatureHandle author;
  if (git_signature_default(Out(author), repository_) != 0) {
    check(git_signature_now(Out(author), "git-quemsi", "git-quemsi@localhost"), "sign notes");
  }
  TreeHandle tree_handle;
  check(git_tree_lookup(Out(tree_handle), repository_, &tree), "write notes");
  CommitHandle parent_handle;
  if (parent) check(git_commit_lookup(Out(parent_handle), repository_, &*parent), "write notes");
  const git_commit* parents = parent_handle.get();
  git_oid written;
  check(git_commit_create(&written, repository_, nullptr, author.get(), author.get(), nullptr,
                          notes_message, tree_handle.get(), parent ? 1 : 0, &parents),
        "write notes");
  return written;
}

bool Notes::move_ref(const std::optional<git_oid>& from, const git_oid& to) const {
  TransactionHandle transaction;
  check(git_transaction_new(Out(transaction), repository_), "move the notes' ref");
  const int locked = git_transaction_lock_ref(transaction.get(), notes_ref);
  if (locked == GIT_ELOCKED) return false;
  check(locked, "lock the notes' ref");
  const std::optional<git_oid> now = head();
  if (now.has_value() != from.has_value() || (now && !git_oid_equal(&*now, &*from))) return false;
  check(git_transaction_set_target(transaction.get(), notes_ref, &to, nullptr, notes_message),
        "move the notes' ref");
  check(git_transaction_commit(transaction.get()), "move the notes' ref");
  return true;
}

void Notes::add(const NoteLines& lines) const {
  for (NotesRetry retry;; retry.wait()) {
    const std::optional<git_oid> from = head();
    const std::optional<git_oid> tree = extended(tree_of(from), lines);
    if (!tree || move_ref(from, commit(*tree, from))) return;
  }
}

}  // namespace quemsi::git2

// RAII over libgit2, for the module quemsi-git2 only.
#pragma once

#include <git2.h>

#include <string>

#include "quemsi/ids.hpp"
#include "util/c_handle.hpp"

namespace quemsi::git2 {

using RepositoryHandle = CHandle<git_repository, git_repository_free>;
using ReferenceHandle = CHandle<git_reference, git_reference_free>;
using ObjectHandle = CHandle<git_object, git_object_free>;
using CommitHandle = CHandle<git_commit, git_commit_free>;
using TreeHandle = CHandle<git_tree, git_tree_free>;
using BlobHandle = CHandle<git_blob, git_blob_free>;
using TreeBuilderHandle = CHandle<git_treebuilder, git_treebuilder_free>;
using TransactionHandle = CHandle<git_transaction, git_transaction_free>;
using SignatureHandle = CHandle<git_signature, git_signature_free>;

inline CommitId commit_id(const git_oid& oid) {
  std::string hex(GIT_OID_HEXSZ, '\0');
  git_oid_fmt(hex.data(), &oid);
  return CommitId(std::move(hex));
}

/// Throws Error(io) with libgit2's words for a negative code.
void check(int code, const char* doing);

}  // namespace quemsi::git2

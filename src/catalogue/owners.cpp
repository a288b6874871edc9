#include <set>

#include "catalogue/impl.hpp"

namespace quemsi {
namespace {

void read_databases(CatalogueImpl& impl, Owner& owner) {
  sqlite::Statement rows = impl.connection().prepare(
      "SELECT database, token, location FROM owner_database WHERE worktree = ?");
  rows.bind(owner.worktree.str());
  while (rows.step()) {
    const std::string name = rows.column_text(0);
    if (!rows.column_is_null(1)) owner.tokens.emplace(name, Token(rows.column_text(1)));
    if (!rows.column_is_null(2)) owner.locations.emplace(name, rows.column_text(2));
  }
}

std::vector<Owner> read_owners(CatalogueImpl& impl, sqlite::Statement& rows) {
  std::vector<Owner> owners;
  while (rows.step()) {
    owners.push_back({.worktree = WorktreeId(rows.column_text(0)),
                      .branch = optional_id<BranchKey>(rows, 1),
                      .branch_name = rows.column_text(2),
                      .base = optional_id<SnapshotId>(rows, 3)});
    read_databases(impl, owners.back());
  }
  return owners;
}

std::set<std::string> databases_of(const Owner& owner) {
  std::set<std::string> names;
  for (const auto& [name, token] : owner.tokens) names.insert(name);
  for (const auto& [name, location] : owner.locations) names.insert(name);
  return names;
}

void insert_databases(CatalogueImpl& impl, const Owner& owner) {
  for (const std::string& name : databases_of(owner)) {
    const auto token = owner.tokens.find(name);
    const auto location = owner.locations.find(name);
    std::optional<std::string> token_text;
    std::optional<std::string> location_text;
    if (token != owner.tokens.end()) token_text = token->second.str();
    if (location != owner.locations.end()) location_text = location->second;
    impl.statement(
            "INSERT INTO owner_database (worktree, database, token, location) "
            "VALUES (?, ?, ?, ?)")
        .bind(owner.worktree.str())
        .bind(name)
        .bind(token_text)
        .bind(location_text)
        .run();
  }
}

}  // namespace

std::optional<Owner> Catalogue::owner(const WorktreeId& worktree) {
  sqlite::Statement row = impl_->connection().prepare(
      "SELECT worktree, branch, branch_name, base FROM owner WHERE worktree = ?");
  row.bind(worktree.str());
  std::vector<Owner> found = read_owners(*impl_, row);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Owner> Catalogue::owners() {
  sqlite::Statement rows = impl_->connection().prepare(
      "SELECT worktree, branch, branch_name, base FROM owner ORDER BY worktree");
  return read_owners(*impl_, rows);
}

void Catalogue::set_owner(const Owner& owner) {
  impl_->change([&] {
    impl_->statement("DELETE FROM owner_database WHERE worktree = ?")
        .bind(owner.worktree.str())
        .run();
    impl_
        ->statement(
            "INSERT INTO owner (worktree, branch, branch_name, base) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (worktree) DO UPDATE SET branch = excluded.branch, "
            "branch_name = excluded.branch_name, base = excluded.base")
        .bind(owner.worktree.str())
        .bind(text_of(owner.branch))
        .bind(owner.branch_name)
        .bind(text_of(owner.base))
        .run();
    insert_databases(*impl_, owner);
  });
}

void Catalogue::remove_owner(const WorktreeId& worktree) {
  impl_->change(
      [&] { impl_->statement("DELETE FROM owner WHERE worktree = ?").bind(worktree.str()).run(); });
}

}  // namespace quemsi

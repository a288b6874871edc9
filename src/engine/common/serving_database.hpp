// Chooses how a database is served: its copies are databases of the server where the server can
// exchange them by renaming, and the user may; else they are files. Copies of both kinds may be
// there at once, because rights come and go, and servers are upgraded: what is there already is
// used as what it is.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "engine/common/image_folder.hpp"
#include "engine/common/in_place.hpp"
#include "engine/common/parked_registry.hpp"

namespace quemsi {

class ServingDatabase final : public Database {
 public:
  /// `registry` is that of both; `notice` may be empty.
  ServingDatabase(std::unique_ptr<Database> renaming, std::unique_ptr<InPlace> in_place,
                  const ParkedRegistry& registry, std::function<void(const std::string&)> notice);

  [[nodiscard]] std::string location() const override { return renaming_->location(); }
  [[nodiscard]] std::string display() const override { return renaming_->display(); }
  Probe probe() override;
  std::vector<Finding> examine() override;
  std::optional<std::uint64_t> free_bytes() override;
  bool unchanged_since(const Token& token) override { return renaming_->unchanged_since(token); }
  std::optional<std::string> schema_fingerprint() override {
    return renaming_->schema_fingerprint();
  }

  std::optional<Captured> copy_live(const ParkedName& to, Content content, CopyLimit limit,
                                    Progress& progress) override;
  std::unique_ptr<View> pin(Content content) override { return renaming_->pin(content); }
  std::unique_ptr<View> open_parked(const ParkedName& name) override;

  std::vector<ParkedInfo> list_parked() override;
  void clone_parked(const ParkedName& from, const ParkedName& to, Progress& progress) override;
  void empty_parked(const ParkedName& name) override;
  void materialise(const ImageSource& image, const ParkedName& to, Progress& progress) override;
  void drop_parked(const ParkedName& name) override;
  [[nodiscard]] std::string parked_url(const ParkedName& name) const override;
  void publish(const ParkedName& name, const DatabaseSpec& target, bool replace) override;

  std::string plan_swap(const ParkedName& incoming, const ParkedName& outgoing) override;
  using Database::swap;
  std::optional<Token> swap(const std::string& plan, const std::optional<Token>& expected) override;
  Settled settle(const std::string& plan) override;

  void drop_live(const Token& token, const ParkedName& by_way_of) override;

 private:
  /// Asks the server, once.
  [[nodiscard]] const std::optional<Error>& obstacle() const;
  [[nodiscard]] bool may_rename() const { return !obstacle(); }
  [[nodiscard]] bool is_file(const ParkedName& name) const { return folder_.has(name); }
  /// A database of ours may be there under that name.
  [[nodiscard]] bool is_marked(const ParkedName& name) const { return registry_.has(name); }
  void spool(View& view, const ParkedName& to, Progress& progress);
  /// What is a database only becomes a file as well.
  void ensure_file(const ParkedName& name, Progress& progress);
  /// Says once a repository that switches copy, and how to have them rename.
  void tell_of_copying() const;
  /// Says so if the copy cannot be exchanged by renaming, though others can.
  [[nodiscard]] bool must_copy(const ParkedName& incoming) const;

  std::unique_ptr<Database> renaming_;
  std::unique_ptr<InPlace> in_place_;
  ParkedRegistry registry_;
  ImageFolder folder_;
  std::function<void(const std::string&)> notice_;
  mutable bool asked_ = false;
  mutable std::optional<Error> obstacle_;
};

}  // namespace quemsi

// A configured schema whose copies are schemas beside it, exchanged by renaming tables.
#pragma once

#include "engine/mysql/parked.hpp"
#include "engine/mysql/server.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::mysql_engine {

class MysqlDatabase final : public Database {
 public:
  MysqlDatabase(const DatabaseSpec& spec, const EngineContext& context);
  MysqlDatabase(Server server, ParkedRegistry registry);

  [[nodiscard]] std::string location() const override { return server_.info().location(); }
  [[nodiscard]] std::string display() const override { return server_.info().display(); }
  Probe probe() override;
  std::vector<Finding> examine() override;
  std::optional<std::uint64_t> free_bytes() override;
  bool unchanged_since(const Token& token) override;
  std::optional<std::string> schema_fingerprint() override;

  std::optional<Captured> copy_live(const ParkedName& to, Content content, CopyLimit limit,
                                    Progress& progress) override;
  std::unique_ptr<View> pin(Content content) override;
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
  /// Throws Error(engine) when there is no such copy of ours.
  void check(const ParkedName& name) const;
  /// Once: they cost as much to look up as all else that is asked of a schema.
  void require_rights(Connection& connection);

  Server server_;
  ParkedRegistry registry_;
  bool has_rights_ = false;
};

}  // namespace quemsi::mysql_engine

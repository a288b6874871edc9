#pragma once

#include "engine/postgresql/parked.hpp"
#include "engine/postgresql/server.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::postgresql_engine {

class PostgresqlDatabase final : public Database {
 public:
  PostgresqlDatabase(const DatabaseSpec& spec, const EngineContext& context);
  PostgresqlDatabase(Server server, ParkedRegistry registry);

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
  /// False when somebody has written on the server since.
  [[nodiscard]] bool may_hold(const Token& token) const;
  /// As it is. Throws Error(engine) when there is no such copy of ours.
  void accept(const ParkedName& name) const;

  Server server_;
  ParkedRegistry registry_;
};

}  // namespace quemsi::postgresql_engine

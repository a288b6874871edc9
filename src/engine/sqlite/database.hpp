#pragma once

#include "engine/sqlite/parked.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::sqlite_engine {

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(DatabaseSpec spec, EngineContext context);

  [[nodiscard]] std::string location() const override;
  [[nodiscard]] std::string display() const override { return spec_.url; }
  [[nodiscard]] std::optional<std::filesystem::path> live_file() const override { return live(); }
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
  /// Looked up anew each time: a link may point elsewhere by now.
  [[nodiscard]] std::filesystem::path live() const;
  [[nodiscard]] ParkedFolder parked() const;
  /// A parked copy whose main file holds everything.
  [[nodiscard]] std::filesystem::path closed(const ParkedName& name) const;

  DatabaseSpec spec_;
  EngineContext context_;
  std::filesystem::path path_;
};

}  // namespace quemsi::sqlite_engine

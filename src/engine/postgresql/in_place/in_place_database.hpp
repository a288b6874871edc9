// A configured database whose role may not make others: its parked copies are files.
#pragma once

#include "engine/common/image_folder.hpp"
#include "engine/postgresql/server.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::postgresql_engine {

/// What of Database differs where copies are files. Any role can use it.
class InPlaceDatabase {
 public:
  /// `server` must outlive it.
  InPlaceDatabase(const Server& server, const std::filesystem::path& parked)
      : server_(server), folder_(parked) {}

  [[nodiscard]] const ImageFolder& folder() const noexcept { return folder_; }

  /// By a maintenance connection. Throws Error(engine) for what cannot be exchanged in place
  /// either.
  Probe probe(Connection& connection);
  std::optional<Captured> copy_live(const ParkedName& to, Content content, CopyLimit limit,
                                    Progress& progress);
  std::unique_ptr<View> open_parked(const ParkedName& name);
  void empty_parked(const ParkedName& name);
  void materialise(const ImageSource& image, const ParkedName& to, Progress& progress);
  /// Into a file, what a database of ours holds.
  void spool(View& view, const ParkedName& to, Progress& progress);
  void publish(const ParkedName& name, const DatabaseSpec& target, bool replace);

 private:
  const Server& server_;
  ImageFolder folder_;
};

}  // namespace quemsi::postgresql_engine

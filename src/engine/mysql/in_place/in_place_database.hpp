// A configured schema whose user may not make others, or whose server cannot exchange them: its
// parked copies are files.
#pragma once

#include "engine/common/image_folder.hpp"
#include "engine/common/in_place.hpp"
#include "engine/common/parked_registry.hpp"
#include "engine/mysql/server.hpp"

namespace quemsi::mysql_engine {

class InPlaceDatabase final : public InPlace {
 public:
  InPlaceDatabase(Server server, const ParkedRegistry& registry)
      : server_(std::move(server)), registry_(registry), folder_(registry.folder()) {}

  std::optional<Error> rename_obstacle() override;
  std::optional<Error> reason_to_copy(const ParkedName& incoming) override;
  Probe probe() override;

  void write_verified(const ImageSource& image, ImageSink& sink, Progress& progress) override;
  void write_emptied(const ImageSource& image, ImageSink& sink) override;
  void publish(const ParkedName& file, const DatabaseSpec& target, bool replace) override;
  std::vector<ParkedName> settle_publish() override;

  std::string plan(const ParkedName& incoming, const ParkedName& outgoing, bool elsewhere) override;
  std::optional<ParkedName> incoming_of(const std::string& plan) override;
  std::optional<Token> exchange(const std::string& plan,
                                const std::optional<Token>& expected) override;
  Settled settle(const std::string& plan, bool elsewhere) override;

 private:
  Server server_;
  ParkedRegistry registry_;
  ImageFolder folder_;
};

}  // namespace quemsi::mysql_engine

#include "engine/mysql/view.hpp"

#include "engine/mysql/image_writer.hpp"
#include "engine/mysql/pin.hpp"

namespace quemsi::mysql_engine {
namespace {

class PinnedView final : public View {
 public:
  explicit PinnedView(std::unique_ptr<Pin> pin) : pin_(std::move(pin)) {}
  [[nodiscard]] const Captured& captured() const override { return pin_->captured(); }
  void write(ImageSink& sink, Progress& progress) override { write_image(*pin_, sink, progress); }

 private:
  std::unique_ptr<Pin> pin_;
};

}  // namespace

std::unique_ptr<View> pin_live(const Server& server, Content content) {
  return std::make_unique<PinnedView>(Pin::open(server, server.live(), content));
}

std::unique_ptr<View> open_parked(const Server& server, const std::string& schema) {
  return std::make_unique<PinnedView>(Pin::open(server, schema, Content::all));
}

}  // namespace quemsi::mysql_engine

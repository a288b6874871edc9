#include "quemsi/progress.hpp"

namespace quemsi {
namespace {

class NoProgress : public Progress {
 public:
  void begin(std::string_view /*what*/, std::uint64_t /*total*/) override {}
  void advance(std::uint64_t /*bytes*/) override {}
  void end() override {}
  void check_cancelled() override {}
};

}  // namespace

Progress& no_progress() {
  static NoProgress instance;
  return instance;
}

}  // namespace quemsi

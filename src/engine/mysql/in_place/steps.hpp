// The ways on from anywhere in an exchange in place. They do what is left to do.
#pragma once

#include <set>

#include "engine/mysql/image_reader.hpp"
#include "engine/mysql/in_place/hidden_tables.hpp"
#include "engine/mysql/in_place/live_hold.hpp"
#include "engine/mysql/in_place/plan.hpp"
#include "engine/mysql/in_place/stage.hpp"

namespace quemsi::mysql_engine {

class InPlaceSteps {
 public:
  /// Everything outlives it.
  InPlaceSteps(LiveHold& hold, const ImageFolder& folder, const InPlacePlan& plan)
      : hold_(hold), folder_(folder), plan_(plan), stage_(folder, ParkedName(plan.outgoing)) {}

  [[nodiscard]] const StageFile& stage() const noexcept { return stage_; }
  /// From `building` or `revealing` to the end. When that fails, while the server can be reached,
  /// live comes back as it was before this throws.
  void go_forward();
  /// From `building_outgoing` or `revealing_outgoing` to where it began.
  void go_back();
  /// From `dropping` to where it began: makes what is missing, leaves what is there.
  void undo_drop();
  /// Nothing is left to do but to forget the exchange.
  void finish() const;

 private:
  enum class Side { incoming, outgoing };

  void rebuild(Side side);
  void build(Side side, const ImageReader& image);
  void reveal(Side side, const ImageReader& image);
  void reveal_tables(const HiddenTables& tables);
  void keep_aside();
  void clear_for_building(const ImageReader& image);
  void clear_for_revealing(const ImageReader& image);
  void make_missing_objects(Side side, const ImageReader& image);
  SchemaObjects triggers_made_again(const ImageReader& image, const Attributes& notes);
  void keep_what_may_be_lost(const ImageReader& image);

  LiveHold& hold_;
  const ImageFolder& folder_;
  const InPlacePlan& plan_;
  StageFile stage_;
};

/// Beside the outgoing image: when tables were made that are certainly still the same while that
/// is.
Attributes notes_of(Connection& connection, const std::string& schema);

}  // namespace quemsi::mysql_engine

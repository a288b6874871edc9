#include "engine/mysql/in_place/exchange.hpp"

#include <algorithm>

#include "engine/common/image_copy.hpp"
#include "engine/mysql/in_place/capture.hpp"
#include "engine/mysql/in_place/clearing.hpp"
#include "engine/mysql/in_place/steps.hpp"
#include "engine/mysql/kept.hpp"
#include "engine/mysql/swap.hpp"
#include "engine/mysql/token.hpp"
#include "engine/mysql/watch.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

class InPlaceExchange {
 public:
  InPlaceExchange(const Server& server, const ImageFolder& folder, const InPlacePlan& plan,
                  ConnectionPolicy policy)
      : folder_(folder),
        plan_(plan),
        hold_(server, swap_lock(plan), policy),
        steps_(hold_, folder, plan) {}

  std::optional<Token> run(const std::optional<Token>& expected) {
    try {
      check_plan();
      take_out(expected);
      const SchemaShape incoming = incoming_names();
      const Watch watch(hold_.worker(), hold_.observer());
      steps_.go_forward();
      hold_.report();
      return token_since(watch, incoming);
    } catch (const Error&) {
      hold_.report();
      throw;
    }
  }

 private:
  void check_plan() {
    const bool there = find_schema(hold_.worker(), plan_.live).has_value();
    if (server_identity(hold_.worker()) != plan_.server || there != plan_.keeps_outgoing ||
        folder_.has(ParkedName(plan_.outgoing))) {
      throw Error(ErrorKind::busy, "database " + plan_.live + " was replaced in the meantime")
          .hint("run the command again");
    }
    if (!there) create_schema(hold_.worker(), plan_.live, incoming_facts());
  }

  SchemaFacts incoming_facts() {
    const ImageFile file = folder_.open(ParkedName(plan_.incoming));
    return ImageReader(file).facts();
  }

  SchemaObjects without_incoming_routines(const SchemaObjects& objects) {
    const ImageFile file = folder_.open(ParkedName(plan_.incoming));
    return without_shared_routines(objects, ImageReader(file));
  }

  /// Live's content is in the outgoing file, and nowhere else.
  void take_out(const std::optional<Token>& expected) {
    const SchemaShape shape = capture_live(expected);
    try {
      steps_.stage().set(Stage::dropping);
      drop_objects(hold_, without_incoming_routines(shape.objects));
      drop_tables(hold_, shape.tables);
      hold_.unlock();
      steps_.stage().set(Stage::building);
    } catch (const Error&) {
      hold_.unlock();
      if (!hold_.worker().lost()) undo();
      throw;
    }
  }

  SchemaShape capture_live(const std::optional<Token>& expected) {
    constexpr int tries = 3;
    for (int i = 0; i < tries; ++i) {
      SchemaShape shape = lock_all(hold_);
      const auto draft = folder_.draft(ParkedName(plan_.outgoing));
      SchemaShape complete_shape = shape;
      complete_shape.objects =
          complete(hold_.observer(), hold_.server().registry(), plan_.live, shape.objects);
      capture(hold_, complete_shape, *draft);
      draft->close();
      if (read_shape(hold_.observer(), plan_.live) != shape) {
        hold_.unlock();
        continue;
      }
      if (expected && !proves(*expected, hold_.observer(), plan_.live)) throw_changed(plan_.live);
      draft->commit(notes_of(hold_.observer(), plan_.live));
      return shape;
    }
    throw Error(ErrorKind::busy, "somebody keeps changing the tables of database " + plan_.live)
        .hint("try again when migrations are through");
  }

  /// Whoever settles this will try again what goes wrong here.
  void undo() noexcept {
    try {
      steps_.undo_drop();
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): the first error is told
    }
  }

  /// As far as has_same_names() asks.
  SchemaShape incoming_names() {
    const ImageFile file = folder_.open(ParkedName(plan_.incoming));
    const ImageReader image(file);
    SchemaShape shape{
        .facts = {}, .tables = {}, .triggers = image.triggers(), .objects = image.objects()};
    for (const SchemaObject& make : image.makes()) {
      shape.tables.push_back({.name = make.name, .engine = {}});
    }
    return shape;
  }

  /// Of the new live content: given when nobody has changed anything since it was built.
  std::optional<Token> token_since(const Watch& watch, const SchemaShape& incoming) try {
    Connection& observer = hold_.observer();
    const SchemaShape shape = read_shape(observer, plan_.live);
    open_tables(observer, plan_.live, shape.tables);
    const auto position = read_position(observer);
    if (!position || !watch.saw_nothing()) return std::nullopt;
    if (!has_same_names(shape, incoming)) return std::nullopt;
    if (read_shape(observer, plan_.live) != shape) return std::nullopt;
    return token_of(observer, *position, plan_.live, shape);
  } catch (const Error&) {
    return std::nullopt;  // The exchange is done, whatever keeps us from proving it.
  }

  const ImageFolder& folder_;
  const InPlacePlan& plan_;
  LiveHold hold_;
  InPlaceSteps steps_;
};

/// Before anything is dropped for it.
void check_incoming(const ImageFolder& folder, const InPlacePlan& plan) {
  /// Takes what is read and keeps nothing.
  class Nowhere final : public ImageSink {
   public:
    void header(const ImageHeader& /*header*/) override {}
    std::unique_ptr<SectionSink> section(const SectionHeader& /*header*/) override {
      return std::make_unique<NullSection>();
    }
  };
  const ImageFile file = folder.open(ParkedName(plan.incoming));
  Nowhere nowhere;
  copy_verified(file, ImageReader(file), nowhere, no_progress());
}

}  // namespace

std::optional<Token> exchange_in_place(const Server& server, const ImageFolder& folder,
                                       const InPlacePlan& plan,
                                       const std::optional<Token>& expected,
                                       ConnectionPolicy policy) {
  check_incoming(folder, plan);
  return InPlaceExchange(server, folder, plan, policy).run(expected);
}

}  // namespace quemsi::mysql_engine

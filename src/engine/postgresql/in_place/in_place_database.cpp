#include "engine/postgresql/in_place/in_place_database.hpp"

#include "engine/postgresql/in_place/clearing.hpp"
#include "engine/postgresql/in_place/exchange.hpp"
#include "engine/postgresql/in_place/image_copy.hpp"
#include "engine/postgresql/in_place/publish_in_place.hpp"
#include "engine/postgresql/probe.hpp"
#include "engine/postgresql/unlogged.hpp"

namespace quemsi::postgresql_engine {

std::optional<Error> InPlaceDatabase::rename_obstacle() {
  Loan loan = server_.borrow();
  return postgresql_engine::rename_obstacle(loan.get(), server_.live());
}

Probe InPlaceDatabase::probe() {
  Loan loan = server_.borrow();
  Probe probe;
  probe.version = version_text(loan.get()) + ", exchanged in place";
  const auto facts = find_database(loan.get(), server_.live(), true);
  if (!facts) return probe;
  check_valid(server_.live(), *facts);
  Connection inside = server_.connect(server_.live());
  check_may_clear(inside);
  probe.exists = true;
  probe.bytes = facts->bytes;
  return probe;
}

void InPlaceDatabase::write_verified(const ImageSource& image, ImageSink& sink,
                                     Progress& progress) {
  copy_verified(image, sink, progress);
}

void InPlaceDatabase::write_emptied(const ImageSource& image, ImageSink& sink) {
  copy_emptied(image, sink);
}

void InPlaceDatabase::publish(const ParkedName& file, const DatabaseSpec& target, bool replace) {
  publish_in_place(server_, folder_.open(file), target, replace);
}

std::string InPlaceDatabase::plan(const ParkedName& incoming, const ParkedName& outgoing,
                                  bool elsewhere) {
  if (elsewhere) {
    Loan loan = server_.borrow();
    check_whole(loan.get(), server_, registry_, incoming);
  }
  return encode(plan_in_place(server_, folder_, incoming, outgoing, elsewhere));
}

std::optional<ParkedName> InPlaceDatabase::incoming_of(const std::string& plan) {
  const auto ours = decode_in_place_plan(plan);
  return ours ? std::optional(ParkedName(ours->incoming)) : std::nullopt;
}

std::optional<Token> InPlaceDatabase::exchange(const std::string& plan,
                                               const std::optional<Token>& expected) {
  return exchange_in_place(server_, folder_, decode_in_place_plan(plan).value(), expected);
}

Settled InPlaceDatabase::settle(const std::string& plan, bool elsewhere) {
  return settle_in_place(server_, folder_, decode_in_place_plan(plan).value(), elsewhere);
}

}  // namespace quemsi::postgresql_engine

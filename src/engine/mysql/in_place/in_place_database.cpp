#include "engine/mysql/in_place/in_place_database.hpp"

#include "engine/common/image_copy.hpp"
#include "engine/mysql/foreign_keys.hpp"
#include "engine/mysql/image_reader.hpp"
#include "engine/mysql/in_place/exchange.hpp"
#include "engine/mysql/in_place/publish_in_place.hpp"
#include "engine/mysql/parked.hpp"
#include "engine/mysql/probe.hpp"
#include "engine/mysql/sequence_names.hpp"

namespace quemsi::mysql_engine {

std::optional<Error> InPlaceDatabase::rename_obstacle() {
  Loan loan = server_.borrow();
  return mysql_engine::rename_obstacle(loan.get(), server_.live());
}

std::optional<Error> InPlaceDatabase::reason_to_copy(const ParkedName& incoming) {
  Loan loan = server_.borrow();
  std::optional<Error> why = key_obstacle(loan.get(), server_.live());
  if (!why) why = key_obstacle(loan.get(), incoming.str());
  return why ? why : sequence_obstacle(loan.get(), incoming.str());
}

Probe InPlaceDatabase::probe() {
  Loan loan = server_.borrow();
  Connection& connection = loan.get();
  Probe probe;
  probe.version = connection.version_text() + ", exchanged in place";
  if (!find_schema(connection, server_.live())) return probe;
  check_rights_in_place(connection, server_.live());
  probe.exists = true;
  probe.bytes = schema_bytes(connection, server_.live());
  server_.tell_once();
  return probe;
}

void InPlaceDatabase::write_verified(const ImageSource& image, ImageSink& sink,
                                     Progress& progress) {
  copy_verified(image, ImageReader(image), sink, progress);
}

void InPlaceDatabase::write_emptied(const ImageSource& image, ImageSink& sink) {
  const ImageReader reader(image);
  write_schema_alone(
      image.header(),
      {{schema_section, objects_text(reader.makes()) + objects_text(reader.objects()) +
                            objects_text(reader.triggers())}},
      sink);
}

void InPlaceDatabase::publish(const ParkedName& file, const DatabaseSpec& target, bool replace) {
  publish_in_place(server_, folder_, file, target, replace);
}

std::vector<ParkedName> InPlaceDatabase::settle_publish() {
  return settle_publish_in_place(server_, folder_);
}

std::string InPlaceDatabase::plan(const ParkedName& incoming, const ParkedName& outgoing,
                                  bool elsewhere) {
  Connection connection = server_.connect();
  if (elsewhere) check_parked(connection, registry_, incoming);
  return encode(plan_in_place(server_, folder_, connection, incoming, outgoing, elsewhere));
}

std::optional<ParkedName> InPlaceDatabase::incoming_of(const std::string& plan) {
  const auto ours = decode_in_place_plan(plan);
  return ours ? std::optional(ParkedName(ours->incoming)) : std::nullopt;
}

std::optional<Token> InPlaceDatabase::exchange(const std::string& plan,
                                               const std::optional<Token>& expected) {
  auto token = exchange_in_place(server_, folder_, decode_in_place_plan(plan).value(), expected,
                                 server_.context().connections);
  server_.tell_once();
  return token;
}

Settled InPlaceDatabase::settle(const std::string& plan, bool elsewhere) {
  return settle_in_place(server_, folder_, decode_in_place_plan(plan).value(), elsewhere);
}

}  // namespace quemsi::mysql_engine

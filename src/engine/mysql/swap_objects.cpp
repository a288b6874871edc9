#include "engine/mysql/swap_objects.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/mysql/definitions.hpp"
#include "engine/mysql/kept.hpp"
#include "engine/mysql/routine_grants.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

bool is_view(const SchemaObject& object) { return object.kind == "VIEW"; }

/// Views need tables, which are not there yet.
SchemaObjects without_views(SchemaObjects objects) {
  std::erase_if(objects, is_view);
  return objects;
}

void make_all(ObjectMaker& maker, const SchemaObjects& objects) {
  for (const SchemaObject& object : objects) {
    try {
      maker.make({object});
    } catch (const Error& error) {
      throw cannot_be_made(object, error);
    }
  }
}

void drop_all(ObjectMaker& maker, const SchemaObjects& objects) {
  std::for_each(objects.rbegin(), objects.rend(),
                [&](const SchemaObject& object) { maker.drop(object); });
}

/// In place of the object of that kind and name, or beside all others.
void put(SchemaObjects& objects, const SchemaObject& object) {
  std::erase_if(objects, [&](const SchemaObject& other) {
    return other.kind == object.kind && other.name == object.name;
  });
  objects.push_back(object);
}

/// The server drops a package's body with it.
void take_bodies_along(SchemaObjects& stays) {
  std::erase_if(stays, [&](const SchemaObject& object) {
    return object.kind == "PACKAGE BODY" &&
           std::ranges::none_of(stays, [&](const SchemaObject& other) {
             return other.kind == "PACKAGE" && other.name == object.name;
           });
  });
}

/// MariaDB lets everybody go on using a routine who was granted that, when it is replaced.
bool is_replaced(const SchemaObject& object, const SchemaObjects& wanted,
                 const Connection& connection) {
  const bool can_be = object.kind == "PROCEDURE" || object.kind == "FUNCTION";
  return can_be && connection.is_mariadb() && find_object(wanted, object) != nullptr;
}

}  // namespace

ObjectMaker& SwapObjects::outgoing_maker() {
  if (!outgoing_) outgoing_.emplace(server_, worker_, plan_.outgoing);
  return *outgoing_;
}

void SwapObjects::prepare(const SwapNames& names) {
  if (!plan_.live_shape) return;
  try_incoming();
  try_differing_triggers({.schema = plan_.outgoing, .table = names.trial()});
  const SchemaObjects early = without_views(parked_form(plan_.live_shape->objects));
  if (!early.empty()) make_all(outgoing_maker(), early);
}

/// What stands on both sides has been made by us before.
void SwapObjects::try_differing_triggers(const TriggerTrial& trial) {
  const SchemaObjects& live = plan_.live_shape->triggers;
  const SchemaObjects& incoming = plan_.incoming_shape.triggers;
  if (live.empty() && incoming.empty()) return;
  const Definers definers(worker_, server_.context().definers);
  try_triggers(server_, worker_, plan_.live, live, definers.beyond(live, incoming), trial);
  try_triggers(server_, worker_, plan_.incoming, incoming, definers.beyond(incoming, live), trial);
}

void SwapObjects::try_incoming() {
  const SchemaObjects incoming = without_views(parked_form(plan_.incoming_shape.objects));
  if (incoming.empty()) return;
  ObjectMaker maker(server_, worker_, plan_.outgoing);
  const SchemaObjects tried =
      maker.definers().beyond(incoming, parked_form(plan_.live_shape->objects));
  make_all(maker, tried);
  drop_all(maker, tried);
}

bool SwapObjects::take_changes() {
  if (!plan_.live_shape) return false;
  const SchemaObjects& planned = plan_.live_shape->objects;
  live_ = read_objects(worker_, plan_.live);
  if (*live_ == planned) return false;
  KeptObjects kept;
  for (const SchemaObject& object : *live_) {
    if (std::ranges::count(planned, object) == 0) kept.push_back({object, std::nullopt});
  }
  write_kept(worker_, registry_, plan_.outgoing, kept);
  return true;
}

SchemaObjects SwapObjects::going_out() {
  SchemaObjects objects = plan_.live_shape->objects;
  for (const SchemaObject& object : plan_.live_kept) put(objects, object);
  for (const KeptObject& kept : read_kept(worker_, registry_, plan_.outgoing)) {
    put(objects, kept.object);
  }
  sort_objects(objects);
  return objects;
}

/// After a crash nobody has told yet what somebody made meanwhile.
void SwapObjects::keep_unknown(const SchemaObjects& present) {
  const SchemaObjects known = going_out();
  KeptObjects kept = read_kept(worker_, registry_, plan_.outgoing);
  for (const SchemaObject& object : present) {
    const bool ours = find_object(plan_.incoming_shape.objects, object) != nullptr ||
                      std::ranges::count(known, object) > 0;
    if (!ours) kept.push_back({object, std::nullopt});
  }
  write_kept(worker_, registry_, plan_.outgoing, kept);
}

void SwapObjects::arrange_live() {
  const SchemaObjects& wanted = plan_.incoming_shape.objects;
  const SchemaObjects present = live_ ? *live_ : read_objects(worker_, plan_.live);
  live_.reset();
  if (plan_.live_shape) keep_unknown(present);
  ObjectMaker maker(server_, worker_, plan_.live);
  const Definers& definers = maker.definers();
  SchemaObjects stays;
  std::ranges::copy_if(present, std::back_inserter(stays), [&](const SchemaObject& object) {
    const bool nowhere_else = !plan_.live_shape && find_object(wanted, object) == nullptr;
    return nowhere_else || definers.contains(wanted, object);
  });
  take_bodies_along(stays);
  SchemaObjects dropped;
  std::ranges::copy_if(present, std::back_inserter(dropped), [&](const SchemaObject& object) {
    return std::ranges::count(stays, object) == 0 && !is_replaced(object, wanted, worker_);
  });
  RoutineGrants grants(server_, worker_, registry_, plan_.live);
  grants.keep(dropped);
  for (const SchemaObject& object : dropped) maker.drop(object);
  SchemaObjects missing = definers.beyond(wanted, stays);
  for (SchemaObject& object : missing) {
    if (is_replaced(object, present, worker_)) object.sql = or_replace(object.sql);
  }
  maker.make(missing);
  grants.give_back(missing);
  maker.report();
  keep_left_out(server_, worker_, registry_, plan_.live, maker);
}

void SwapObjects::complete_outgoing() {
  const SchemaObjects wanted = going_out();
  if (wanted.empty()) return;
  ObjectMaker& maker = outgoing_maker();
  const SchemaObjects present = read_objects(worker_, plan_.outgoing);
  SchemaObjects missing;
  for (const SchemaObject& object : parked_form(wanted)) {
    const SchemaObject* found = find_object(present, object);
    if (found != nullptr && same_but_definers(*found, object)) continue;
    if (found != nullptr) maker.drop(*found);
    missing.push_back(object);
  }
  maker.make(missing);
  maker.report();
  write_kept(worker_, registry_, plan_.outgoing,
             lost_in(read_objects(worker_, plan_.outgoing), wanted));
}

}  // namespace quemsi::mysql_engine

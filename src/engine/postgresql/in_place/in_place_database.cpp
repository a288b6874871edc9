#include "engine/postgresql/in_place/in_place_database.hpp"

#include "engine/common/image_copy.hpp"
#include "engine/postgresql/in_place/clearing.hpp"
#include "engine/postgresql/in_place/image_copy.hpp"
#include "engine/postgresql/in_place/publish_in_place.hpp"
#include "engine/postgresql/probe.hpp"
#include "engine/postgresql/view.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {

Probe InPlaceDatabase::probe(Connection& connection) {
  Probe probe;
  probe.version = version_text(connection) + ", exchanged in place";
  const auto facts = find_database(connection, server_.live(), true);
  if (!facts) return probe;
  check_valid(server_.live(), *facts);
  Connection inside = server_.connect(server_.live());
  check_may_clear(inside);
  probe.exists = true;
  probe.bytes = facts->bytes;
  return probe;
}

std::optional<Captured> InPlaceDatabase::copy_live(const ParkedName& to, Content content,
                                                   CopyLimit limit, Progress& progress) {
  if (content == Content::all && limit != CopyLimit::none) return std::nullopt;
  const std::unique_ptr<View> view = pin_live(server_, content);
  spool(*view, to, progress);
  return view->captured();
}

std::unique_ptr<View> InPlaceDatabase::open_parked(const ParkedName& name) {
  return view_of(folder_.open(name));
}

void InPlaceDatabase::empty_parked(const ParkedName& name) {
  const ImageFile file = folder_.open(name);
  const auto draft = folder_.redraft(name);
  copy_emptied(file, *draft);
  draft->close();
  draft->commit();
}

void InPlaceDatabase::materialise(const ImageSource& image, const ParkedName& to,
                                  Progress& progress) {
  const auto draft = folder_.draft(to);
  progress.begin("writing " + to.str(), 0);
  copy_verified(image, *draft, progress);
  draft->close();
  draft->commit();
  progress.end();
}

void InPlaceDatabase::spool(View& view, const ParkedName& to, Progress& progress) {
  const auto draft = folder_.draft(to);
  view.write(*draft, progress);
  draft->close();
  draft->commit();
}

void InPlaceDatabase::publish(const ParkedName& name, const DatabaseSpec& target, bool replace) {
  publish_in_place(server_, folder_.open(name), target, replace);
  folder_.remove(name);
}

}  // namespace quemsi::postgresql_engine

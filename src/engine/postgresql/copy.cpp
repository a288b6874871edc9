#include "engine/postgresql/copy.hpp"

#include "engine/common/spool.hpp"
#include "engine/postgresql/materialise.hpp"
#include "engine/postgresql/view.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {

std::optional<Captured> copy_live(const Server& server, const ParkedRegistry& registry,
                                  const ParkedName& to, Content content, CopyLimit limit,
                                  Progress& progress) {
  if (content == Content::all && limit != CopyLimit::none) return std::nullopt;
  Spool spool(server.context().state_dir);
  Captured captured;
  {
    const std::unique_ptr<View> view = pin_live(server, content);
    captured = view->captured();
    view->write(spool, progress);
  }
  spool.close();
  materialise(server, registry, spool, to, progress);
  return captured;
}

}  // namespace quemsi::postgresql_engine

#include "workflow/removal.hpp"

#include "workflow/tasks.hpp"

namespace quemsi {

void remove_rows(Project& project, const Snapshot& snapshot) {
  Catalogue& catalogue = project.catalogue();
  remove_sealing_tasks(project, snapshot);
  for (const Image& image : snapshot.images) {
    if (!image.parked) continue;
    catalogue.set_parked(image.id, std::nullopt);
    add_drop(project, image.database, *image.parked);
  }
  catalogue.remove_snapshot(snapshot.id);
}

}  // namespace quemsi

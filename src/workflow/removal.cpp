#include "workflow/removal.hpp"

#include "workflow/tasks.hpp"

namespace quemsi {

void remove_rows(Project& project, const Snapshot& snapshot) {
  Catalogue& catalogue = project.catalogue();
  for (const Image& image : snapshot.images) {
    catalogue.remove_tasks(std::string(task_seal), image.id.str());
    if (!image.parked) continue;
    catalogue.set_parked(image.id, std::nullopt);
    add_drop(project, image.database, *image.parked);
  }
  catalogue.remove_tasks(std::string(task_record), snapshot.id.str());
  catalogue.remove_snapshot(snapshot.id);
}

}  // namespace quemsi

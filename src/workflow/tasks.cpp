#include "workflow/tasks.hpp"

#include <algorithm>
#include <set>

#include "util/file_lock.hpp"

namespace quemsi {
namespace {

/// The worker looks whether its task is still wanted at every chunk.
constexpr std::chrono::seconds longest_let_go{10};

}  // namespace

std::string to_subject(const ParkedCopy& copy) { return copy.name.str() + " " + copy.database; }

ParkedCopy parse_parked_copy(const std::string& subject) {
  const std::size_t space = subject.find(' ');
  if (space == std::string::npos) {
    throw Error(ErrorKind::corrupt, "a task's subject cannot be read: " + subject);
  }
  return {subject.substr(space + 1), ParkedName(subject.substr(0, space))};
}

void add_task(Project& project, std::string_view kind, const std::string& subject) {
  project.catalogue().add_task(std::string(kind), subject, project.now());
}

void add_drop(Project& project, const std::string& database, const ParkedName& name) {
  add_task(project, task_drop, to_subject({database, name}));
}

std::vector<ImageId> images_without_seal_task(Project& project) {
  std::set<std::string> queued;
  for (const Task& task : project.catalogue().tasks()) {
    if (task.kind == task_seal) queued.insert(task.subject);
  }
  std::vector<ImageId> images;
  for (const Image& image : project.catalogue().unsealed_images()) {
    if (image.parked && !queued.contains(image.id.str())) images.push_back(image.id);
  }
  return images;
}

void add_missing_tasks(Project& project) {
  for (const ImageId& image : images_without_seal_task(project)) {
    add_task(project, task_seal, image.str());
  }
}

void remove_sealing_tasks(Project& project, const Snapshot& snapshot) {
  Catalogue& catalogue = project.catalogue();
  for (const Image& image : snapshot.images) {
    catalogue.remove_tasks(std::string(task_seal), image.id.str());
  }
  catalogue.remove_tasks(std::string(task_record), snapshot.id.str());
}

std::filesystem::path worker_item_lock(Project& project) {
  return project.state_dir() / "worker-item.lock";
}

void take_from_worker(Project& project, const std::vector<ImageId>& images) {
  Catalogue& catalogue = project.catalogue();
  bool running = false;
  catalogue.transaction([&] {
    for (const Task& task : catalogue.tasks()) {
      const bool ours = std::any_of(images.begin(), images.end(), [&](const ImageId& image) {
        return task.subject == image.str();
      });
      if (!ours) continue;
      running = running || task.state == TaskState::running;
      catalogue.remove_tasks(task.kind, task.subject);
    }
  });
  if (running) FileLock::lock(worker_item_lock(project), LockMode::exclusive, longest_let_go);
}

}  // namespace quemsi

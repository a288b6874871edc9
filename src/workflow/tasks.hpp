// The kinds of background work, and how their subjects are written.
#pragma once

#include <string>
#include <string_view>

#include "quemsi/workflow.hpp"

namespace quemsi {

/// Seal one image: subject is the image's id.
inline constexpr std::string_view task_seal = "seal";
/// Write a snapshot's record into the store: subject is the snapshot's id.
inline constexpr std::string_view task_record = "record";
/// Drop a parked copy that no image needs: subject is a ParkedCopy.
inline constexpr std::string_view task_drop = "drop";
/// Read a pin into the store: subject is the pending snapshot's id. Shown by
/// `status`; done by the process that holds the pin, never claimed by a worker.
inline constexpr std::string_view task_pin = "pin";
/// Keep what is likely to be needed parked, and evict the rest: no subject.
inline constexpr std::string_view task_warm = "warm";

/// A parked copy of a database, as one text: "quemsi_kkkk... app".
struct ParkedCopy {
  std::string database;
  ParkedName name;

  friend bool operator==(const ParkedCopy&, const ParkedCopy&) = default;
};
std::string to_subject(const ParkedCopy& copy);
ParkedCopy parse_parked_copy(const std::string& subject);

void add_task(Project& project, std::string_view kind, const std::string& subject);
void add_drop(Project& project, const std::string& database, const ParkedName& name);

/// Whose parked copy is their only one, and nobody is about to change that.
std::vector<ImageId> images_without_seal_task(Project& project);
/// Adds what should be in the queue and is not: a seal for every unsealed image. The caller holds
/// the operation lock: an operation at work may have taken them out on purpose.
void add_missing_tasks(Project& project);

/// Nobody has to seal the snapshot any more, or to write its record. Call it inside a transaction.
void remove_sealing_tasks(Project& project, const Snapshot& snapshot);

/// Keeps the worker away from these images from now on: their tasks are removed,
/// and one that is being read is let go of. Throws Error(busy).
void take_from_worker(Project& project, const std::vector<ImageId>& images);

/// Declared before the operation lock, so that the worker starts when it is free.
class StartWorkerAtEnd {
 public:
  explicit StartWorkerAtEnd(Project& project) : project_(project) {}
  ~StartWorkerAtEnd() { start_worker(project_); }
  StartWorkerAtEnd(const StartWorkerAtEnd&) = delete;
  StartWorkerAtEnd& operator=(const StartWorkerAtEnd&) = delete;

 private:
  Project& project_;
};

/// Held by the worker while it has a parked copy open.
std::filesystem::path worker_item_lock(Project& project);

}  // namespace quemsi

#include "workflow/pin_failure.hpp"

#include "util/atomic_file.hpp"
#include "util/fd.hpp"
#include "util/text.hpp"

namespace quemsi {
namespace {

std::filesystem::path file_of(Project& project, const SnapshotId& id) {
  return project.state_dir() / ("pin-" + id.str() + ".failed");
}

std::string in_one_line(const std::exception& error) {
  std::string line = error.what();
  const auto* ours = dynamic_cast<const Error*>(&error);
  if (ours != nullptr && !ours->causes().empty()) line += " (" + join(ours->causes(), "; ") + ")";
  return line;
}

}  // namespace

void write_pin_failure(Project& project, const SnapshotId& id, const std::exception& error) {
  try {
    AtomicFile file(file_of(project, id));
    file.write(in_one_line(error));
    file.commit();
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch): see the header
  }
}

std::string read_pin_failure(Project& project, const SnapshotId& id) {
  return read_text_file_if_exists(file_of(project, id)).value_or("its process died");
}

void forget_pin_failure(Project& project, const SnapshotId& id) {
  remove_file(file_of(project, id));
}

}  // namespace quemsi

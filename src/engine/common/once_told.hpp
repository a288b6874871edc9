// What is said once a repository, and not again: small files remember it.
//
//   <state dir>/parked/<database>-<hash>/<key>      holds the line, and `told` once it has been
//
// Whoever finds it may have nobody who listens, as in the background: it is told later.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace quemsi {

class OnceTold {
 public:
  /// `folder`: ParkedRegistry::folder(), made when there is something to remember.
  explicit OnceTold(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// To be told, unless it has been. Durable on return.
  void remember(const std::string& key, const std::string& line) const;
  /// What was remembered under `key` and has not been told.
  void tell(const std::string& key, const std::function<void(const std::string&)>& notice) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace quemsi

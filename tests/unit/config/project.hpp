// A worktree's top with the sources of its configuration.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>

#include "quemsi/config.hpp"
#include "support/temp_dir.hpp"

namespace quemsi::test {

class Project {
 public:
  Project();

  /// Folders are made as needed.
  void write(const std::string& file, std::string_view text) const;
  [[nodiscard]] const std::filesystem::path& top() const { return dir_.path(); }

  [[nodiscard]] Config load() const;
  /// Fails the test, and returns an empty error, when it loads.
  [[nodiscard]] Error error() const;
  /// "<message> | <hint> | ..."
  [[nodiscard]] std::string error_text() const;
  [[nodiscard]] std::string url(const std::string& name) const;
  [[nodiscard]] ConfigSetting setting(const std::string& key) const;

  std::map<std::string, std::string> environment;
  ConfigSources sources;

 private:
  TempDir dir_;
};

}  // namespace quemsi::test

// A repository with two SQLite databases, set up, driven through the library.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "quemsi/upkeep.hpp"
#include "quemsi/workflow.hpp"
#include "support/sandbox.hpp"

namespace quemsi {

class WorkflowTest : public testing::Test {
 protected:
  WorkflowTest();

  /// Of the next command.
  virtual ProjectOptions options();
  /// As a command that starts now would see it.
  Project& project();
  /// The command ends.
  void end_command() { project_.reset(); }

  /// Runs SQL through somebody else's client.
  void sql(const std::string& database, const std::string& text) const;
  /// The rows of table `t`, joined by commas.
  [[nodiscard]] std::string rows(const std::string& database) const;
  [[nodiscard]] std::filesystem::path file(const std::string& database) const;
  void git(const test::Words& arguments) const { sandbox_.git(arguments); }
  Snapshot take(const std::string& tag);
  /// The hook's work.
  FollowResult follow();
  Owner owner();
  void write_config(const std::string& text);
  [[nodiscard]] const test::Sandbox& sandbox() const { return sandbox_; }

 private:
  test::Sandbox sandbox_;
  std::unique_ptr<Project> project_;
};

}  // namespace quemsi

// Every way in which git moves HEAD, one row each.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace quemsi::test {

/// Shell, run with `set -e` in a repository that has
///   v1       tag: the database is as `start`
///   main     HEAD, two commits on: a table more, committed; and a row that is in no snapshot
///   feature  from v1, two commits: a column more, committed
/// No file is in conflict unless the row makes it so.
struct GitOperation {
  const char* name;
  const char* prepare;              ///< before anybody looks
  const char* run;                  ///< what the row is about
  const char* finish;               ///< gets git out of what it is in the middle of
  const char* main = "main";        ///< what these two branches are called afterwards;
  const char* feature = "feature";  ///< empty: it is gone
};

inline std::ostream& operator<<(std::ostream& stream, const GitOperation& operation) {
  return stream << operation.name;
}

const std::vector<GitOperation>& git_operations();

}  // namespace quemsi::test

// Who else may call or change a routine: the server forgets it when the routine is dropped. A note
// of ParkedRegistry keeps it until one of that name is made again.
#pragma once

#include <string>
#include <vector>

#include "engine/mysql/objects.hpp"

namespace quemsi::mysql_engine {

struct RoutineGrant {
  std::string kind;
  std::string name;
  std::string statement;  ///< that gives it again
};

class RoutineGrants {
 public:
  /// Of a live schema. Everything outlives it.
  RoutineGrants(const Server& server, Connection& connection, const ParkedRegistry& registry,
                const std::string& schema);

  /// What others may do with these, which are about to be dropped. Durable on return.
  void keep(const SchemaObjects& objects);
  /// These were made. Tells what we may not grant.
  void give_back(const SchemaObjects& objects);

 private:
  std::vector<RoutineGrant> read();
  std::vector<RoutineGrant> lookup();
  [[nodiscard]] std::vector<RoutineGrant> kept() const;
  void write(const std::vector<RoutineGrant>& grants) const;
  bool grant(const RoutineGrant& item);

  const Server& server_;
  Connection& connection_;
  const ParkedRegistry& registry_;
  const std::string& schema_;
  std::string key_;
};

}  // namespace quemsi::mysql_engine

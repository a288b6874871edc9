// Views, routines and events in an exchange: each is made in one schema before it is dropped in the
// other, or its definition is kept. See kept.hpp.
#pragma once

#include <optional>

#include "engine/mysql/swap_names.hpp"
#include "engine/mysql/triggers.hpp"

namespace quemsi::mysql_engine {

class SwapObjects {
 public:
  SwapObjects(const Server& server, const ParkedRegistry& registry, const SwapPlan& plan,
              Connection& worker)
      : server_(server), registry_(registry), plan_(plan), worker_(worker) {}

  /// Before anything is moved: makes what of live can be made without tables in the outgoing
  /// schema, and on trial what will be made in live. Throws what cannot be made.
  void prepare(const SwapNames& names);
  /// When the tables have just moved: what somebody has made or changed in live since the plan was
  /// made goes out with it. True when there is something, or something is gone.
  bool take_changes();
  /// Of what is in live, leaves what the incoming schema has, too; makes the rest of that.
  void arrange_live();
  /// Makes what went out of live, as far as it is missing.
  void complete_outgoing();

 private:
  void try_incoming();
  void try_differing_triggers(const TriggerTrial& trial);
  void keep_unknown(const SchemaObjects& present);
  [[nodiscard]] SchemaObjects going_out();
  ObjectMaker& outgoing_maker();

  const Server& server_;
  const ParkedRegistry& registry_;
  const SwapPlan& plan_;
  Connection& worker_;
  std::optional<ObjectMaker> outgoing_;
  std::optional<SchemaObjects> live_;  ///< as it was found last; nothing has been done to it since
};

}  // namespace quemsi::mysql_engine

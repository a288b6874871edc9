#include "engine/mysql/swap_names.hpp"

namespace quemsi::mysql_engine {

SwapNames::SwapNames(const SwapPlan& plan) : plan_(plan) {
  for (const SchemaObject& trigger : plan.incoming_shape.triggers) {
    incoming_triggered_.insert(trigger.table);
  }
  if (!plan.live_shape) return;
  for (const SchemaObject& trigger : plan.live_shape->triggers) {
    live_triggered_.insert(trigger.table);
  }
}

const std::vector<TableEntry>& SwapNames::live_tables() const {
  static const std::vector<TableEntry> none;
  return plan_.live_shape ? plan_.live_shape->tables : none;
}

Renames SwapNames::moves_away() const {
  Renames renames;
  for (std::size_t i = 0; i < live_tables().size(); ++i) {
    const std::string& name = live_tables()[i].name;
    if (live_has_triggers(name)) {
      renames.push_back({plan_.live, name, plan_.live, hidden_out(i)});
    } else {
      renames.push_back({plan_.live, name, plan_.outgoing, name});
    }
  }
  return renames;
}

Renames SwapNames::moves_out() const {
  Renames renames;
  for (std::size_t i = 0; i < live_tables().size(); ++i) {
    const std::string& name = live_tables()[i].name;
    if (live_has_triggers(name)) {
      renames.push_back({plan_.live, hidden_out(i), plan_.outgoing, name});
    }
  }
  return renames;
}

Renames SwapNames::moves_in() const {
  Renames renames;
  for (std::size_t i = 0; i < incoming_tables().size(); ++i) {
    const std::string& name = incoming_tables()[i].name;
    const std::string to = incoming_has_triggers(name) ? hidden_in(i) : name;
    renames.push_back({plan_.incoming, name, plan_.live, to});
  }
  renames.push_back({plan_.incoming, marker(), marker_target(), marker()});
  return renames;
}

Renames SwapNames::unhides() const {
  Renames renames;
  for (std::size_t i = 0; i < incoming_tables().size(); ++i) {
    const std::string& name = incoming_tables()[i].name;
    if (incoming_has_triggers(name)) {
      renames.push_back({plan_.live, hidden_in(i), plan_.live, name});
    }
  }
  return renames;
}

Renames SwapNames::gates() const {
  return {{plan_.live, gate(1), plan_.outgoing, gate(1)},
          {plan_.live, gate(2), plan_.outgoing, gate(2)}};
}

}  // namespace quemsi::mysql_engine
